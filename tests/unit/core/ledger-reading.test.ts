import { readLedger } from '../../../lib/core/ledger-codec.ts';
import {
  A,
  alarmTrigger,
  B,
  decided,
  ENI,
  ENI2,
  floating,
  inAlarm,
  intent,
  ledger,
  ledgerTags,
  moving,
  NOW,
  observation,
  SWEEP,
} from '../../support/observation.ts';

const PREFIX = 'eni-failover-state:';
const DEADLINE = 'deadline=2026-08-20T10:01:00.000Z';

type Tags = Readonly<Record<string, string>>;

const read = (tags: Tags) => readLedger([floating(ENI, A, { tags })], PREFIX);
const without = (tags: Tags, key: string): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([name]) => name !== PREFIX + key));
const state = (values: Tags): Tags =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [PREFIX + key, value]));

describe('a damaged ledger', () => {
  it.each([
    ['phase', 'resting'],
    ['holder', 'web-1'],
    ['holder', `${A}!`],
    ['holder', `an ${A}`],
    ['operation', 'failover to nowhere'],
    ['operation', `failover from=${A} to=${B} id=op run=r by=magic ${DEADLINE}`],
    ['operation', `promote from=${A} to=${B} id=op run=r by=request ${DEADLINE}`],
    ['operation', `failover from=web to=${B} id=op run=r by=request ${DEADLINE}`],
    ['operation', `failover to=${B} id=op run=r by=request ${DEADLINE}`],
    ['operation', `failover from=${A} to=${B} id=op run=r by=request deadline=soon`],
    ['operation', `failover from=${A} to=${B} id=op run=r by=request`],
    ['operation', `failover from=${A} id=op run=r by=request ${DEADLINE}`],
    ['operation', `failover from=${A} to=web id=op run=r by=request ${DEADLINE}`],
    ['operation', `failover from=${A} to=${B} run=r by=request ${DEADLINE}`],
    ['operation', `failover from=${A} to=${B} id=op by=request ${DEADLINE}`],
    ['operation', `failover from=${A} to=${B} id=op run=r ${DEADLINE}`],
    ['resources', 'interface 11111111:0'],
    ['resources', 'interface 11111111'],
    ['resources', 'interface :1'],
    ['resources', 'interface 11111111:1 22222222'],
    ['resources', 'address 11111111:1'],
    ['resources', '11111111:1'],
    ['changed-at', 'yesterday'],
    ['changed-at', '2026-13-40T10:01:00.000Z'],
    ['epoch', '-1'],
    ['epoch', '1.5'],
    ['epoch', '1'.repeat(16)],
    ['moved-at', 'soon'],
    ['moves', '2026-08-20T10:01:00.000Z,2026-08-20T10:02:00.000Z'],
    ['pause', 'until further notice'],
    ['forced', A],
    ['forced', 'web@2026-08-20T10:01:00.000Z'],
    ['forced', '@2026-08-20T10:01:00.000Z'],
    ['condition', 'something'],
    ['condition', ' since 2026-08-20T10:01:00.000Z'],
    ['condition', 'something since yesterday'],
    ['members', 'web-1 web-2'],
  ])('should be reported with the field and its text: %s=%j', (key, text) => {
    const reading = read({ ...ledgerTags(ledger()), [PREFIX + key]: text });
    expect(reading).toEqual({
      status: 'damaged',
      faults: [`The ledger of ${ENI} has an unreadable ${key}: '${text}'.`],
    });
  });

  it.each(['phase', 'holder', 'operation', 'resources', 'changed-at', 'epoch', 'moved-at', 'moves', 'forced'])(
    'should be reported when %s is missing',
    (key) => {
      expect(read(without(ledgerTags(ledger()), key))).toEqual({
        status: 'damaged',
        faults: [`The ledger of ${ENI} has an unreadable ${key}: ''.`],
      });
    },
  );

  it('should be reported with every field that is unreadable', () => {
    const reading = read({ ...ledgerTags(ledger()), ...state({ epoch: 'x', moves: 'y' }) });
    expect(reading).toEqual({
      status: 'damaged',
      faults: [
        `The ledger of ${ENI} has an unreadable epoch: 'x'.`,
        `The ledger of ${ENI} has an unreadable moves: 'y'.`,
      ],
    });
  });

  it('should be reported when it is moving and does not say what', () => {
    expect(read(ledgerTags({ ...ledger(), phase: 'moving' }))).toEqual({
      status: 'damaged',
      faults: [`The ledger of ${ENI} has an unreadable operation: 'none'.`],
    });
  });

  it.each(['2', '', 'x'])('should be reported when it is of another version: %j', (version) => {
    const fault = `The ledger of ${ENI} has version '${version}', this is version 1.`;
    const of = (tags: Tags) => expect(read(tags)).toEqual({ status: 'damaged', faults: [fault] });
    of({ ...ledgerTags(ledger()), ...state({ version }) });
    if (version === '') of(without(ledgerTags(ledger()), 'version'));
  });

  it('should be one whatever other key there is', () => {
    expect(read({ ...ledgerTags(ledger()), ...state({ devices: '11111111:1' }) }).status).toBe('valid');
  });
});

describe('a group whose ledger is damaged', () => {
  const on = (tags: Tags, given: Parameters<typeof observation>[0] = {}) =>
    observation({ interfaces: [floating(ENI, A, { tags })], alarms: inAlarm(A), ...given });

  it('should be treated as one without a ledger, but for its pause, and told about', () => {
    const tags = ledgerTags(ledger({ pausedUntil: NOW + 60_000 }));
    const decision = decided(alarmTrigger(A), on({ ...tags, ...state({ 'changed-at': 'yesterday', epoch: 'many' }) }));
    expect([decision.code, decision.reason]).toEqual([
      'paused',
      `Automation is paused until 2026-08-20T10:01:00.000Z: The holder ${A} has the alarm 'eni-failover/web/${A}' in ALARM.`,
    ]);
    expect(decision.facts.warnings).toEqual([
      `The ledger of ${ENI} has an unreadable changed-at: 'yesterday'. It counts as absent.`,
      `The ledger of ${ENI} has an unreadable epoch: 'many'. It counts as absent.`,
    ]);
  });

  it('should be moved all the same when the ledger is of another version', () => {
    const decision = decided(alarmTrigger(A), on({ ...ledgerTags(ledger()), ...state({ version: '2' }) }));
    expect(decision.code).toBe('failover');
    expect(decision.facts.warnings).toEqual([
      `The ledger of ${ENI} has version '2', this is version 1. It counts as absent.`,
    ]);
  });

  it('should begin its ledger anew when it was written before resources had kinds', () => {
    const before = { ...without(ledgerTags(ledger()), 'resources'), ...state({ devices: '11111111:1' }) };
    const { code, write } = decided(SWEEP, on(before, { alarms: inAlarm() }));
    expect(code).toBe('holder-healthy');
    expect(write?.news).toEqual([`The ledger of ${ENI} has an unreadable resources: ''.`]);
    expect(write?.writes).toEqual([
      {
        interfaceIds: [ENI],
        tags: expect.objectContaining({
          [`${PREFIX}resources`]: 'interface 11111111:1',
          [`${PREFIX}reason`]: 'The ledger could not be read and was begun anew.',
          [`${PREFIX}epoch`]: '0',
        }),
      },
    ]);
    const after = { ...before, ...write?.writes[0]?.tags };
    expect(read(after)).toMatchObject({ status: 'valid', ledger: { holder: A, members: [A, B] } });
  });
});

describe('the ledgers of several interfaces', () => {
  const newer = ledgerTags(ledger({ epoch: 7, changedAt: NOW }));
  const older = ledgerTags(ledger({ epoch: 6, changedAt: NOW - 1 }));
  const on = (first: Tags, second: Tags) =>
    readLedger([floating(ENI, A, { tags: first }), floating(ENI2, A, { tags: second })], PREFIX);

  it.each<[what: string, first: Tags, second: Tags, epoch: number, missingOn: readonly string[]]>([
    ['the newest, on the first', newer, older, 7, [ENI2]],
    ['the newest, on the second', older, newer, 7, [ENI]],
    ['the valid one of two', { ...newer, ...state({ epoch: 'x' }) }, older, 6, [ENI]],
    ['the only one', {}, older, 6, [ENI]],
    ['one of two that are the same', newer, newer, 7, []],
    ['one of two that differ in a pause only', newer, { ...newer, ...state({ pause: 'none' }) }, 7, []],
    ['one of two that differ in the notices only', newer, without(newer, 'notices'), 7, []],
    ['one of two, the other of which lacks a key', newer, without(newer, 'members'), 7, [ENI2]],
  ])('should be read as one: %s', (_, first, second, epoch, missingOn) => {
    expect(on(first, second)).toMatchObject({ status: 'valid', ledger: { epoch }, missingOn });
  });

  it('should be absent when no interface has one', () => {
    expect(on({}, { 'eni-failover:group': 'web' })).toEqual({ status: 'absent' });
    expect(readLedger([], PREFIX)).toEqual({ status: 'absent' });
  });

  it('should be damaged, with the faults of each, when all of them are', () => {
    const faults = [ENI, ENI2].map((id) => `The ledger of ${id} has an unreadable epoch: 'x'.`);
    const damaged = { ...newer, ...state({ epoch: 'x' }) };
    expect(on(damaged, damaged)).toEqual({ status: 'damaged', faults });
    expect(on(damaged, {})).toEqual({ status: 'damaged', faults: faults.slice(0, 1) });
  });

  it('should remember the places of the interfaces that are in the group, and of no others', () => {
    const places = state({ resources: 'interface 22222222:2@1 33333333:3 11111111:1' });
    expect(on({ ...newer, ...places }, { ...newer, ...places })).toHaveProperty('ledger.resources', [
      { kind: 'interface', id: ENI, deviceIndex: 1, networkCardIndex: 0 },
      { kind: 'interface', id: ENI2, deviceIndex: 2, networkCardIndex: 1 },
    ]);
  });
});

describe('an intent', () => {
  it('should come back with everything a person asked for', () => {
    const operation = intent({ automatic: false, ignoreHealth: true, action: 'attach' });
    expect(read(ledgerTags(ledger({ phase: 'failed', operation })))).toMatchObject({ ledger: { operation } });
  });

  it('should ignore nobody’s health unless that is what it says', () => {
    const [key, text] = [`${PREFIX}operation`, ledgerTags(moving())[`${PREFIX}operation`]];
    const reading = (flag: string) => read({ ...ledgerTags(moving()), [key]: `${text} health=${flag}` });
    expect(reading('checked')).toHaveProperty('ledger.operation.ignoreHealth', false);
    expect(reading('ignored')).toHaveProperty('ledger.operation.ignoreHealth', true);
  });
});

describe('a pause', () => {
  const until = (ms: number) => state({ pause: `until ${new Date(ms).toISOString()}` });
  const tags = ledgerTags(ledger());

  it.each<[what: string, first: Tags, second: Tags]>([
    ['on the second of two', { ...tags, ...until(NOW) }, { ...tags, ...until(NOW + 1) }],
    ['on the first of two', { ...tags, ...until(NOW + 1) }, { ...tags, ...until(NOW) }],
    ['where there is no other', { ...tags, ...until(NOW + 1) }, tags],
    ['without the word until', { ...tags, ...state({ pause: new Date(NOW + 1).toISOString() }) }, tags],
    ['where there is a ledger on the other only', until(NOW + 1), tags],
  ])('should be the longest, whichever ledger is the newest: %s', (_, first, second) => {
    const views = [floating(ENI, A, { tags: first }), floating(ENI2, A, { tags: second })];
    expect(readLedger(views, PREFIX)).toMatchObject({ status: 'valid', ledger: { pausedUntil: NOW + 1 } });
  });

  it('should hold automation up on whichever interface it stands', () => {
    const older = ledgerTags(ledger({ changedAt: NOW - 7_200_000, pausedUntil: NOW + 60_000 }));
    const interfaces = [floating(ENI, A, { tags: older }), floating(ENI2, A, { tags })];
    expect(decided(alarmTrigger(A), observation({ interfaces, alarms: inAlarm(A) })).code).toBe('paused');
  });
});
