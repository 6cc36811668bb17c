import { Leads } from '../../../lib/watch/leads.ts';
import { freshMemory, remember, remembered } from '../../../lib/watch/memory.ts';
import { DOWN, evidence, floating, heard, looks, witness } from '../probe/evidence-of.ts';

describe('what a process remembers', () => {
  const seen = evidence({
    floating: floating(looks('silent', 6)),
    own: witness(heard('answered', 'silent')),
    witnesses: { 'i-b': witness(heard('refused', 'silent')) },
  });

  it('should be that it answered, and who was heard and passed: what was missed is not', () => {
    const { floating, own, witnesses } = remembered(seen);
    expect(floating).toMatchObject({
      lastAnswerAt: expect.any(Number),
      missed: 0,
      misses: [],
      missingSince: null,
      answers: 0,
    });
    expect(own).toMatchObject({ lastAnswerAt: DOWN - 1_999, hasPassed: true, last: null, lookedAt: null, silences: 0 });
    expect(witnesses['i-b']).toMatchObject({ lastAnswerAt: expect.any(Number), hasPassed: false, last: null });
    expect(remembered({ ...seen, own: null }).own).toBeNull();
  });

  it('should be of what is watched now', () => {
    const memory = freshMemory(['probe-1']);
    remember(memory, new Map([['eni-attach-1 i-a', seen]]));
    remember(memory, new Map([['eni-attach-2 i-a', seen]]));
    expect([...memory.evidence.keys()]).toEqual(['eni-attach-2 i-a']);
  });
});

describe('who leads', () => {
  const MINUTE = 60_000;

  it('should be each for a minute', () => {
    const leads = new Leads(['one', 'two']);
    expect([0, MINUTE - 1, MINUTE, 2 * MINUTE].map((now) => leads.at(now))).toEqual(['one', 'one', 'two', 'one']);
    expect(new Leads(['one']).at(MINUTE)).toBe('one');
    expect(leads.otherThan('one')).toBe('two');
    expect(new Leads(['one']).otherThan('one')).toBeUndefined();
  });

  it('should be the other while one does not answer, and longer each time', () => {
    const leads = new Leads(['one', 'two']);
    leads.failed('one', 0);
    expect([0, 4_999, 5_000].map((now) => leads.at(now))).toEqual(['two', 'two', 'one']);
    expect(leads.isOnTrial('one')).toBe(true);
    leads.failed('one', 5_000);
    expect([14_999, 15_000].map((now) => leads.at(now))).toEqual(['two', 'one']);
    for (let i = 0; i < 9; i += 1) leads.failed('one', 20_000);
    expect(leads.at(2 * MINUTE)).toBe('one');
    leads.answered('one');
    expect(leads.isOnTrial('one')).toBe(false);
  });

  it('should be nobody while none answers, until one can be asked again', () => {
    const leads = new Leads(['one', 'two']);
    leads.failed('one', 0);
    leads.failed('two', 1_000);
    expect(leads.at(2_000)).toBeUndefined();
    expect(leads.nextAt()).toBe(5_000);
  });

  it('should be the other while one is ill, and the ill one where there is no other', () => {
    const leads = new Leads(['one', 'two']);
    leads.isIll('one', 0);
    expect([0, 59_999].map((now) => leads.at(now))).toEqual(['two', 'two']);
    expect(leads.at(2 * MINUTE)).toBe('one');
    const alone = new Leads(['one']);
    alone.isIll('one', 0);
    expect(alone.at(1)).toBe('one');
  });
});
