import type { PersonRequest } from '../../../lib/core/model.ts';
import { triage } from '../../../lib/core/first-look.ts';
import { formatIntent, parseIntent } from '../../../lib/core/ledger-entries.ts';
import {
  A,
  attachment,
  B,
  C,
  decided,
  ENI,
  ENI2,
  floating,
  type Given,
  inAlarm,
  intent,
  ledger,
  ledgerTags,
  MINUTE_MS,
  member,
  NOW,
  observation,
  request,
  settings,
  SWEEP,
} from '../../support/observation.ts';
import { outcome, recorded } from '../../support/words.ts';

const ask = (given: Partial<PersonRequest>, seen: Given = {}) =>
  decided(request({ action: 'switchover', ...given }), observation(seen));

const priority = (id: string, value: string, given: Parameters<typeof member>[1] = {}) =>
  member(id, { ...given, tags: { 'eni-failover:priority': value, ...given.tags } });

describe('switchover', () => {
  it('should be a plain move that no automation has made', () => {
    expect(ask({}).plan).toMatchObject({ action: 'switchover', from: A, to: B, plain: true, automatic: false });
    expect(ask({ to: B }).plan).toMatchObject({ to: B, named: true, plain: true });
    expect(ask({ force: true }).plan).not.toHaveProperty('plain');
    expect(ask({ action: 'failover' }).plan).not.toHaveProperty('plain');
  });

  it.each<[string, Given]>([
    ['has an alarm', { alarms: inAlarm(B) }],
    ['is stopped', { members: [member(A), member(B, { state: 'stopped' })] }],
    ['is in another zone', { members: [member(A), member(B, { zone: 'us-east-1b' })] }],
  ])('should be refused where the target %s', (_, seen) => {
    expect(ask({ to: B }, seen).code).toBe('target-not-eligible');
    expect(ask({}, seen).code).toBe('no-candidate');
  });

  it('should not be held up by what holds automation up', () => {
    const held = ledger({ pausedUntil: NOW + MINUTE_MS, moves: [NOW - 2, NOW - 1] });
    const decision = decided(request({ action: 'switchover' }), recorded(held), { settings: { mode: 'manual' } });
    expect(outcome(decision)).toBe(`switchover to ${B}`);
  });

  it.each<[Partial<PersonRequest>, string]>([
    [{}, 'repeated-request'],
    [{ from: A }, 'switchover'],
    [{ from: B }, 'already-moved'],
    [{ to: A }, 'already-there'],
    [{ to: C }, 'target-not-eligible'],
  ])('should be safe to send twice: %j is %s a minute after a move', (given, code) => {
    const moved = recorded(ledger({ movedAt: NOW - MINUTE_MS }));
    expect(decided(request({ action: 'switchover', ...given }), moved).code).toBe(code);
  });
});

describe('holder-not-well', () => {
  it.each<[string, Given]>([
    ['is failed', { alarms: inAlarm(A) }],
    ['is not known to be well', { checks: { [A]: undefined } }],
    ['is stopped', { members: [member(A, { state: 'stopped' }), member(B)] }],
    ['has nothing', { interfaces: [floating(ENI)] }],
    ['has a part', { interfaces: [floating(ENI, A), floating(ENI2, attachment(ENI2, B, { deviceIndex: 2 }))] }],
    ['is about to have it', { interfaces: [floating(ENI, attachment(ENI, A, { status: 'attaching' }))] }],
  ])('should be refused where the holder %s, and leave it to a failover', (_, seen) => {
    const decision = ask({ to: B }, seen);
    expect(decision).toMatchObject({ kind: 'blocked', code: 'holder-not-well' });
    expect(decision.reason).toContain('failover');
  });
});

describe('a plain move that is under way', () => {
  const waiting = ledger({
    phase: 'moving',
    operation: intent({ action: 'switchover', plain: true, automatic: false }),
  });
  const leaving = attachment(ENI, A, { status: 'detaching' });
  const seen = (given: Given = {}) =>
    observation({ interfaces: [floating(ENI, leaving, { tags: ledgerTags(waiting) })], ...given });

  const off = member(B, { state: 'stopped' });
  it.each<[Partial<PersonRequest>, string]>([
    [{ action: 'failover' }, 'failover'],
    [{ action: 'failover', from: A }, 'failover'],
    [{ action: 'switchover', force: true }, 'switchover'],
  ])('should go to whoever is fit where its target is not, for one that names none: %j', (given, action) => {
    const { plan } = decided(request(given), seen({ members: [member(A), off, member(C)] }));
    expect(plan).toMatchObject({ kind: 'new', action, to: C });
    expect(plan).not.toHaveProperty('plain');
    const alone = decided(request(given), seen({ members: [member(A), off] }));
    expect(alone.plan).toMatchObject({ kind: 'new', to: A });
  });

  it('should not be told to have named anybody where nobody could have it, not even its holder', () => {
    const nowhere = member(A, { tags: { 'eni-failover:exclude': '1' } });
    const decision = decided(request(), seen({ members: [nowhere, off] }));
    expect(decision.code).not.toBe('target-not-eligible');
    expect(JSON.stringify(decision.rejected)).not.toContain('the request names');
  });

  it.each<[string, string, string]>([
    ['out on a drill', A, 'new'],
    ['home from a drill', B, 'complete'],
  ])('should be waited for by a switchover to its target only where it stays there: %s', (_, drill, kind) => {
    const operation = intent({ action: 'switchover', plain: true, automatic: false, drill });
    const tags = ledgerTags({ ...waiting, operation });
    const drilled = seen({ interfaces: [floating(ENI, leaving, { tags })] });
    const { plan } = decided(request({ action: 'switchover', to: B }), drilled);
    expect(plan).toMatchObject({ kind, to: B, plain: true });
    expect(plan?.drill).toBe(kind === 'new' ? undefined : drill);
  });

  it.each<[Partial<PersonRequest>, string | undefined]>([
    [{ action: 'failover' }, 'new'],
    [{ action: 'failover', to: B }, 'new'],
    [{ action: 'switchover', force: true }, 'new'],
    [{ action: 'switchover' }, 'complete'],
    [{ action: 'switchover', to: B }, 'complete'],
  ])('should be replaced only by a request that wants no more waiting: %j', (given, kind) => {
    const { plan } = decided(request(given), seen());
    expect(plan).toMatchObject({ kind, to: B });
    expect(plan?.plain === true).toBe(kind === 'complete');
  });

  it('should be recognised in the tag, whoever reads it', () => {
    const written = intent({ action: 'switchover', plain: true });
    expect(formatIntent(written)).toMatch(/^switchover .+ detach=plain$/);
    expect(parseIntent(formatIntent(written))).toEqual(written);
  });
});

/** A failback of such a group. */
const back = (given: Given) => ask({ action: 'failback' }, given);

describe('a failback', () => {
  it('should be a switchover to the one member whose priority is the highest', () => {
    const members = [member(A), priority(B, '5'), priority(C, '10')];
    expect(back({ members }).plan).toMatchObject({ action: 'switchover', to: C, plain: true });
  });

  it('should say that it is there already, or why it cannot be', () => {
    expect(back({ members: [priority(A, '5'), member(B)] }).code).toBe('already-there');
    const members = [member(A), priority(B, '5', { state: 'stopped' })];
    expect(back({ members })).toMatchObject({
      code: 'target-not-eligible',
      reason: expect.stringContaining('stopped'),
    });
    const sick = { members: [member(A), priority(B, '5')], alarms: inAlarm(A) };
    expect(back(sick).code).toBe('holder-not-well');
  });
});

describe('nobody-preferred', () => {
  it.each<[string, Given]>([
    ['all are equal', {}],
    ['two share the highest', { members: [member(A), priority(B, '5'), priority(C, '5')] }],
    ['the highest is gone', { members: [member(A), member(B), priority(C, '5', { state: 'terminated' })] }],
    [
      'the highest is excluded',
      { members: [member(A), member(B), priority(C, '5', { tags: { 'eni-failover:exclude': '1' } })] },
    ],
  ])('should be refused where %s', (_, given) => {
    expect(back(given)).toMatchObject({ code: 'nobody-preferred', kind: 'blocked' });
  });
});

describe('drill', () => {
  const AWAY = ledger({
    holder: B,
    movedAt: NOW - MINUTE_MS,
    operation: intent({ action: 'switchover', plain: true, drill: A, deadlineAt: NOW - 1, automatic: false }),
  });
  const onB = (written: Parameters<typeof ledger>[0] = {}, given: Given = {}) =>
    observation({ interfaces: [floating(ENI, B, { tags: ledgerTags({ ...AWAY, ...written }) })], ...given });

  it('should be two plain moves, each of which says where the group belongs', () => {
    const there = ask({ action: 'drill' });
    expect(there).toMatchObject({
      code: 'drill',
      plan: { action: 'switchover', from: A, to: B, plain: true, drill: A },
    });
    const back = decided(request({ action: 'drill' }), onB());
    expect(back).toMatchObject({ code: 'drill', plan: { from: B, to: A, plain: true, drill: A, automatic: false } });
    expect(parseIntent(formatIntent(intent({ drill: A })))).toEqual(intent({ drill: A }));
  });

  it('should be brought back by a sweep, whatever holds automation up', () => {
    const swept = decided(SWEEP, onB({ pausedUntil: NOW + MINUTE_MS }), { settings: { mode: 'manual' } });
    expect(swept).toMatchObject({ code: 'drill', plan: { to: A } });
    expect(swept.reason).toMatch(/^A drill was cut short\. /);
    expect(triage(onB(), settings()).kind).toBe('look');
  });

  it.each<[string, Parameters<typeof ledger>[0], Given]>([
    ['its run may be at it', { operation: { ...AWAY.operation, deadlineAt: NOW + 1 } as never }, {}],
    ['an hour has passed', { movedAt: NOW - 60 * MINUTE_MS }, {}],
    ['a person has acknowledged it', { acknowledgedAt: NOW - 1 }, {}],
    ['somebody has moved it since', { holder: A }, {}],
    ['the group is where it belongs', { operation: { ...AWAY.operation, drill: B } as never }, {}],
    ['it was no drill', { operation: intent() }, {}],
  ])('should not be brought back by a sweep where %s', (_, written, given) => {
    expect(decided(SWEEP, onB(written, given)).plan).toBeUndefined();
  });

  it('should be told once where the group cannot go back yet', () => {
    const blocked = decided(SWEEP, onB({}, { members: [member(A, { state: 'stopped' }), member(B)] }));
    expect(blocked).toMatchObject({ kind: 'blocked', code: 'target-not-eligible' });
    expect(blocked.write?.news).toEqual([
      expect.stringMatching(/^A drill was cut short\. i-aaaaaaaa cannot take over/),
    ]);
  });
});

describe('not-ready', () => {
  it('should keep a drill from a group that would not fail over, or not remember it, and say why', () => {
    const FULL = Object.fromEntries(Array.from({ length: 49 }, (_, nth) => [`team:${nth}`, 'x']));
    const full = ask({ action: 'drill' }, { interfaces: [floating(ENI, A, { tags: FULL })] });
    expect(full).toMatchObject({ kind: 'blocked', code: 'not-ready' });
    expect(full.reason).toMatch(/^A drill is for a group that could fail over now\. .+tags/);
  });

  it('should not keep one from a group that only automation leaves alone', () => {
    const manual = decided(request({ action: 'drill' }), observation(), { settings: { mode: 'manual' } });
    expect(manual.code).toBe('drill');
  });
});
