import { readLedger } from '../../../lib/core/ledger-codec.ts';
import {
  A,
  alarmTrigger,
  B,
  decided,
  ENI,
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
const DEADLINE = 'deadline=2026-08-20T10:01:00Z';
const STATE = `v1 steady holder=${A} epoch=3 changed=2026-08-20T09:00:00Z moved=none`;

type Tags = Readonly<Record<string, string>>;

const read = (tags: Tags) => readLedger([floating(ENI, A, { tags })], PREFIX);
const without = (tags: Tags, key: string): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([name]) => name !== PREFIX + key));
const state = (values: Tags): Tags =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [PREFIX + key, value]));

describe('a damaged ledger', () => {
  it.each([
    ['state', STATE.replace('steady', 'resting')],
    ['state', STATE.replace(A, 'web-1')],
    ['state', STATE.replace(A, `${A}!`)],
    ['state', STATE.replace(A, `an-${A}`)],
    ['state', STATE.replace(`holder=${A} `, '')],
    ['state', STATE.replace('2026-08-20T09:00:00Z', 'yesterday')],
    ['state', STATE.replace('2026-08-20', '2026-13-40')],
    ['state', STATE.replace(' changed=2026-08-20T09:00:00Z', '')],
    ['state', STATE.replace('epoch=3', 'epoch=-1')],
    ['state', STATE.replace('epoch=3', 'epoch=1.5')],
    ['state', STATE.replace('epoch=3', `epoch=${'1'.repeat(16)}`)],
    ['state', STATE.replace(' epoch=3', '')],
    ['state', STATE.replace('moved=none', 'moved=soon')],
    ['state', STATE.replace(' moved=none', '')],
    ['state', STATE.replace('v1 ', '')],
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
    ['devices', 'interface 11111111:0'],
    ['devices', 'interface web'],
    ['devices', 'interface 11111111:'],
    ['devices', 'interface :1'],
    ['devices', 'interface 11111111:1 2222'],
    ['devices', 'address 11111111:1'],
    ['devices', '11111111:1'],
    ['devices', `interface 11111111:1 forced ${A}`],
    ['devices', 'forced web@2026-08-20T10:01:00Z'],
    ['devices', 'forced @2026-08-20T10:01:00Z'],
    ['moves', '2026-08-20T10:01:00Z 2026-08-20T10:02:00Z'],
    ['moves', '2026-08-20T10:01:00Z +x'],
    ['moves', '+5'],
    ['moves', `stuck ${A}`],
    ['moves', `refused ${A}@2026-08-20T10:01:00Z`],
    ['moves', `refused ${A}@2026-08-20T10:01:00Z/No`],
    ['moves', 'refused web@2026-08-20T10:01:00Z/denied'],
    ['pause', 'until further notice'],
    ['pause', 'acknowledged already'],
    ['notes', 'something'],
    ['notes', 'condition something'],
    ['notes', 'condition since 2026-08-20T10:01:00Z'],
    ['notes', 'condition something since yesterday'],
    ['notes', 'condition something since 2026-08-20T10:01:00Z of eni-1'],
    ['notes', 'loose twice@2026-08-20T10:01:00Z'],
    ['notes', 'loose 2@soon'],
    ['notes', 'strays 11111111@2026-08-20T10:01:00Z'],
    ['notes', 'strays web@2026-08-20T10:01:00Z/joining'],
    ['notes', 'due tomorrow'],
    ['members', 'web-1 web-2'],
  ])('should be reported with the field and its text: %s=%j', (key, text) => {
    const reading = read({ ...ledgerTags(ledger()), [PREFIX + key]: text });
    expect(reading).toEqual({
      status: 'damaged',
      faults: [`The ledger of ${ENI} has an unreadable ${key}: '${text}'.`],
    });
  });

  it.each(['state', 'operation', 'moves', 'devices'])('should be reported when %s is missing', (key) => {
    expect(read(without(ledgerTags(ledger()), key))).toEqual({
      status: 'damaged',
      faults: [`The ledger of ${ENI} has an unreadable ${key}: ''.`],
    });
  });

  it('should be reported with every field that is unreadable', () => {
    const reading = read({ ...ledgerTags(ledger()), ...state({ state: 'x', moves: 'y' }) });
    expect(reading).toEqual({
      status: 'damaged',
      faults: [
        `The ledger of ${ENI} has an unreadable state: 'x'.`,
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

  it('should be reported when it is of another version', () => {
    const tags = { ...ledgerTags(ledger()), ...state({ state: STATE.replace('v1', 'v22') }) };
    expect(read(tags)).toEqual({
      status: 'damaged',
      faults: [`The ledger of ${ENI} has version 'v22', this is version v1.`],
    });
  });

  it('should be one whatever other key there is', () => {
    expect(read({ ...ledgerTags(ledger()), ...state({ resources: '11111111:1' }) }).status).toBe('valid');
  });
});

// A version that was never released wrote more tags, some of them under names that are used otherwise now.
describe('tags of before this format', () => {
  const old = state({ version: '1', phase: 'moving', moves: 'none', operation: 'none', pause: 'none' });
  const ignored = Object.keys(old).join(', ');
  const told = `These tags are of no version that was released, and are ignored; delete them: ${ignored}.`;

  it('should be no ledger, and neither should a tag that nobody knows', () => {
    expect(read(old)).toEqual({ status: 'absent', ignored: Object.keys(old) });
    expect(read(state({ colour: 'blue' }))).toEqual({ status: 'absent', ignored: [`${PREFIX}colour`] });
  });

  it('should be named once: when a ledger is begun', () => {
    const seen = observation({ interfaces: [floating(ENI, A, { tags: old })] });
    const { write, facts } = decided(SWEEP, seen);
    expect(facts.warnings).toEqual([told]);
    expect(write?.news).toEqual([`The group was seen for the first time on ${A}.`, told]);
    const after = observation({ interfaces: [floating(ENI, A, { tags: { ...old, ...write?.writes[0]?.tags } })] });
    expect([decided(SWEEP, after).write, decided(SWEEP, after).facts.warnings]).toEqual([undefined, []]);
  });
});

describe('a group whose only tag is a pause', () => {
  const tags = state({ pause: 'until 2026-08-20T10:01:00Z' });

  it('should be one without a ledger that is paused, and nothing of it damaged', () => {
    expect(read(tags)).toEqual({ status: 'absent', ignored: [], pausedUntil: Date.parse('2026-08-20T10:01:00Z') });
    const { code, facts, write } = decided(
      alarmTrigger(A),
      observation({ interfaces: [floating(ENI, A, { tags })], alarms: inAlarm(A) }),
    );
    expect([code, facts.warnings]).toEqual(['paused', []]);
    expect(read({ ...tags, ...write?.writes[0]?.tags })).toHaveProperty('ledger.pausedUntil');
  });

  it('should be damaged where the pause itself cannot be read', () => {
    expect(read(state({ pause: 'for ever' }))).toHaveProperty('status', 'damaged');
  });
});

describe('a group whose ledger is damaged', () => {
  const on = (tags: Tags, given: Parameters<typeof observation>[0] = {}) =>
    observation({ interfaces: [floating(ENI, A, { tags })], alarms: inAlarm(A), ...given });

  it('should be treated as one without a ledger, but for its pause, and told about', () => {
    const tags = ledgerTags(ledger({ pausedUntil: NOW + 60_000 }));
    const decision = decided(alarmTrigger(A), on({ ...tags, ...state({ state: 'yesterday', moves: 'many' }) }));
    expect([decision.code, decision.reason]).toEqual([
      'paused',
      `Automation is paused until 2026-08-20T10:01:00.000Z: The holder ${A} has the alarm 'eni-failover/web/${A}' in ALARM.`,
    ]);
    expect(decision.facts.warnings).toEqual([
      `The ledger of ${ENI} has an unreadable state: 'yesterday'. It counts as absent.`,
      `The ledger of ${ENI} has an unreadable moves: 'many'. It counts as absent.`,
    ]);
  });

  it('should be moved all the same when the ledger is of another version', () => {
    const decision = decided(alarmTrigger(A), on({ ...ledgerTags(ledger()), ...state({ state: 'v2 at rest' }) }));
    expect(decision.code).toBe('failover');
    expect(decision.facts.warnings).toEqual([
      `The ledger of ${ENI} has version 'v2', this is version v1. It counts as absent.`,
    ]);
  });

  it('should begin its ledger anew', () => {
    const before = without(ledgerTags(ledger()), 'state');
    const { code, write } = decided(SWEEP, on(before, { alarms: inAlarm() }));
    expect(code).toBe('holder-healthy');
    expect(write?.news).toEqual([`The ledger of ${ENI} has an unreadable state: ''.`]);
    expect(write?.writes).toEqual([
      {
        interfaceIds: [ENI],
        tags: expect.objectContaining({
          [`${PREFIX}devices`]: 'interface 11111111:1',
          [`${PREFIX}reason`]: 'The ledger could not be read and was begun anew.',
        }),
      },
    ]);
    const after = { ...before, ...write?.writes[0]?.tags };
    expect(read(after)).toMatchObject({ status: 'valid', ledger: { holder: A, members: [A, B], epoch: 0 } });
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
