import { establish, type Facts } from '../../../lib/core/facts.ts';
import { encodeLedger } from '../../../lib/core/ledger-codec.ts';
import type { Ledger } from '../../../lib/core/ledger.ts';
import { freshMemory, type Memory } from '../../../lib/core/memory.ts';
import {
  A,
  attachment,
  B,
  C,
  checks,
  ENI,
  ENI2,
  floating,
  type Given,
  inAlarm,
  intent,
  ledger,
  ledgerTags,
  member,
  MINUTE_MS,
  moving,
  NOW,
  observation,
  settings,
  spotTrigger,
  SWEEP,
  T3_SMALL,
} from '../../support/observation.ts';
import { factsOf, withLedger } from '../../support/election.ts';

const look = (given: Given = {}, memory: Partial<Memory> = {}, tuned = {}): Facts =>
  establish(SWEEP, observation(given), { ...freshMemory('run-now'), ...memory }, settings(tuned));

const tagged = (tags: object) => ({ interfaces: [floating(ENI, A, { tags: { ...tags } })] });
const STATE = 'eni-failover-state:';

describe('the holder', () => {
  it.each([
    ['who holds the anchor', [floating(ENI, B), floating(ENI2, A)], B],
    ['who holds another interface, while nobody holds the anchor', [floating(ENI), floating(ENI2, A)], A],
    ['nobody, when nothing is attached', [floating(ENI)], undefined],
  ])('should be %s', (_, interfaces, holder) => {
    const { holderId, holderHealth, anchor } = look({ interfaces });
    expect([holderId, anchor?.id]).toEqual([holder, ENI]);
    expect(holderHealth === undefined).toBe(holder === undefined);
  });
});

describe('the settings of a group', () => {
  it('should be the deployment’s, but for the tags on its anchor', () => {
    const tags = { 'eni-failover:mode': 'manual', 'eni-failover:max-moves': '1' };
    expect(look(tagged(tags), {}, { cooldownSeconds: 60 }).settings).toEqual(
      settings({ mode: 'manual', maxMoves: 1, cooldownSeconds: 60 }),
    );
    expect(look(tagged({ 'eni-failover:mode': 'auto' }), {}, { mode: 'manual' }).settings.mode).toBe('auto');
  });
});

describe('the warnings', () => {
  it('should tell what EC2 has planned for the holder, and not for a standby', () => {
    const planned = checks({ scheduledEvents: ['instance-retirement', 'instance-stop'] });
    expect(look({ checks: { [A]: planned } }).warnings).toEqual([
      `The holder ${A} has instance-retirement scheduled: move the group before, by a failover request.`,
      `The holder ${A} has instance-stop scheduled: move the group before, by a failover request.`,
    ]);
    expect(look({ checks: { [B]: planned } }).warnings).toEqual([]);
    expect(look({ checks: { [B]: planned }, interfaces: [floating(ENI)] }).warnings).toEqual([]);
  });

  it('should say once for each type that EC2 did not tell its limits, and why', () => {
    const limits = {
      't3.small': { ...T3_SMALL, unheard: 'ec2:DescribeInstanceTypes: throttled.' },
      other: { ...T3_SMALL, unheard: 'no' },
    };
    expect(look({ limits }).warnings).toEqual([
      'The limits of t3.small are those shipped with this version: ec2:DescribeInstanceTypes: throttled.',
    ]);
  });

  it('should be none for a group that is well', () => {
    expect(look().warnings).toEqual([]);
  });

  it('should name everything that has to be put right', () => {
    const tags = { 'eni-failover:cooldown': 'x', [`${STATE}state`]: 'v9' };
    const risky = attachment(ENI, A, { deleteOnTermination: true });
    const members = [member(A), member(B, { tags: { 'eni-failover:priority': 'x' } })];
    expect(look({ interfaces: [floating(ENI, risky, { tags })], members }).warnings).toEqual([
      "Tag eni-failover:cooldown must be a whole number from 0 to 86400, not 'x'. The deployment's 900 is used.",
      `The ledger of ${ENI} has version 'v9', this is version v1. It counts as absent.`,
      `${ENI} has DeleteOnTermination set: it is deleted with its instance.`,
      `Tag eni-failover:priority of ${B} must be a whole number, not 'x'. 0 is used.`,
    ]);
  });
});

describe('a ledger that cannot be read', () => {
  const written = ledgerTags(ledger({ pausedUntil: NOW + MINUTE_MS }));

  it('should count as absent, but for the pause in it', () => {
    const facts = look(tagged({ ...written, [`${STATE}state`]: 'many' }));
    expect(facts.ledger).toBeUndefined();
    expect(facts.pausedUntil).toBe(NOW + MINUTE_MS);
    expect(facts.warnings).toEqual([`The ledger of ${ENI} has an unreadable state: 'many'. It counts as absent.`]);
  });

  it('should be read from an interface that could not be understood, too', () => {
    const unreadable = [{ id: ENI2, reason: 'odd', tags: written }];
    expect(look({ interfaces: [floating(ENI, A)], unreadable }).pausedUntil).toBe(NOW + MINUTE_MS);
    const member = [{ id: C, reason: 'odd', tags: written }];
    expect(look({ interfaces: [floating(ENI, A)], unreadable: member }).ledger).toBeUndefined();
  });
});

describe('the ledger of a run that has just written it', () => {
  const before = ledger({ changedAt: NOW - 1_000, epoch: 1 });
  const wrote = ledger({ changedAt: NOW, epoch: 2 });

  it.each([
    ['an older one', ledgerTags(before)],
    ['none', {}],
    ['one nobody can read', { ...ledgerTags(before), [`${STATE}state`]: 'many' }],
  ])('should count for more than a read that shows %s', (_, tags) => {
    const facts = look(tagged(tags), { wrote });
    expect(facts.ledgerReading).toEqual({ status: 'valid', ledger: wrote, missingOn: [], outdated: false });
    expect(facts.ledger).toEqual(wrote);
  });

  it.each([NOW - 1_000, NOW - 2_000])('should count for less than the same one or a newer one: %i', (changedAt) => {
    expect(look(tagged(ledgerTags(before)), { wrote: { ...wrote, changedAt } }).ledger?.epoch).toBe(1);
  });

  // A run polls tags while it moves the group; what a person writes meanwhile must reach it.
  it('should not hide what people wrote in the meantime', () => {
    const peoples = { pausedUntil: NOW + 1, acknowledgedAt: NOW - 500 };
    const seen = look(tagged(ledgerTags({ ...before, ...peoples })), { wrote: { ...wrote, moves: [NOW - 1_000] } });
    expect(seen.ledger).toEqual({ ...wrote, ...peoples, moves: [] });
    expect(seen.pausedUntil).toBe(NOW + 1);
    const resumed = look(tagged(ledgerTags(before)), { wrote: { ...wrote, pausedUntil: NOW + 1 } });
    expect(resumed.pausedUntil).toBeUndefined();
  });

  it('should be missed by nobody who has not written', () => {
    expect(look(tagged(ledgerTags(before))).ledger?.epoch).toBe(1);
  });
});

describe('a recorded operation', () => {
  const failed = ledger({ phase: 'failed', operation: intent() });
  const at = (written: Ledger, first: string | undefined, second: string | undefined) => {
    const tags = ledgerTags(written);
    const on = second && attachment(ENI2, second, { deviceIndex: 2 });
    return look({ interfaces: [floating(ENI, first, { tags }), floating(ENI2, on, { tags })] }).intent;
  };

  it.each<[string, Ledger, string | undefined, string | undefined, boolean]>([
    ['while it is moving', moving(), A, A, true],
    ['when it failed and a part is loose', failed, A, undefined, true],
    ['when it failed and the group is split', failed, A, B, true],
    ['not when it failed and somebody made the group whole', failed, A, A, false],
    ['not when it ended well, whatever is loose since', ledger({ operation: intent() }), A, undefined, false],
    ['not when it ended well, whatever is split since', ledger({ operation: intent() }), A, B, false],
  ])('should be open %s', (_, written, first, second, open) => {
    expect(at(written, first, second)).toEqual(open ? written.operation : undefined);
  });
});

describe('the signals', () => {
  const notice = { instanceId: A, source: 'notice', verdict: 'leaving' };

  it('should be what was observed, what was announced and what is assumed', () => {
    const written = tagged(ledgerTags(ledger({ notices: [{ instanceId: B, at: NOW - MINUTE_MS }] })));
    const seen = observation({ ...written, alarms: inAlarm(B) });
    const facts = establish(spotTrigger(A, NOW), seen, freshMemory('run-now'), settings());
    expect(facts.signals).toEqual([
      ...seen.signals,
      expect.objectContaining({ ...notice, since: NOW }),
      expect.objectContaining({ ...notice, verdict: 'noted', instanceId: B, since: NOW - MINUTE_MS }),
    ]);
  });

  it('should be an assumed failure of the holder where that is the question', () => {
    const asked = (given: Given) =>
      establish({ kind: 'if-holder-failed' }, observation(given), freshMemory('run-now'), settings());
    expect(asked({}).holderHealth).toEqual({
      verdict: 'failed',
      code: 'assumed',
      because: 'has failed, it is assumed',
    });
    expect(asked({}).signals.filter(({ source }) => source === 'assumption')).toHaveLength(1);
    expect(asked({ interfaces: [floating(ENI)] }).signals.some(({ source }) => source === 'assumption')).toBe(false);
    expect(look().signals.some(({ source }) => source === 'assumption')).toBe(false);
  });
});

describe('a group whose interfaces carry different ledgers', () => {
  it('should be known by the newest one', () => {
    const older = encodeLedger(ledger({ changedAt: NOW - 2_000, epoch: 1 }), STATE);
    const newest = ledgerTags(ledger({ changedAt: NOW - 1_000, epoch: 2, pausedUntil: NOW + 1 }));
    const second = floating(ENI2, attachment(ENI2, A, { deviceIndex: 2 }), { tags: newest });
    const facts = look({ interfaces: [floating(ENI, A, { tags: older }), second] });
    expect([facts.ledger?.epoch, facts.pausedUntil]).toEqual([2, NOW + 1]);
  });
});

describe('a set of interfaces that is about to join another one', () => {
  const joined = (tags: Readonly<Record<string, string>>) =>
    observation({ joins: [floating(ENI2, attachment(ENI2, A, { deviceIndex: 2 }), { tags })] });

  it('should be in manual mode where the other is', () => {
    expect(factsOf(joined({ 'eni-failover:mode': 'manual' })).settings.mode).toBe('manual');
    expect(factsOf(joined({ 'eni-failover:mode': 'auto' })).settings.mode).toBe('auto');
    expect(factsOf(joined({ 'eni-failover:cooldown': '1' })).settings.cooldownSeconds).toBe(900);
  });

  it('should be paused for as long as either of them is', () => {
    const [early, late] = [NOW + 60_000, NOW + 120_000];
    const paused = (own: number | undefined, other: number) => {
      const seen = joined(ledgerTags(ledger({ pausedUntil: other })));
      return factsOf(own === undefined ? seen : withLedger(seen, ledger({ pausedUntil: own }))).pausedUntil;
    };
    expect([paused(undefined, late), paused(early, late), paused(late, early)]).toEqual([late, late, late]);
  });
});
