import { encodeLedger } from '../../../lib/core/ledger-codec.ts';
import {
  A,
  alarmTrigger,
  attachment,
  B,
  C,
  decided,
  ENI,
  ENI2,
  floating,
  type Given,
  inAlarm,
  ledger,
  ledgerTags,
  member,
  MINUTE_MS,
  NOW,
  observation,
  SWEEP,
} from '../../support/observation.ts';

/** Which interface of a group gets which part of its ledger. */

const STATE = 'eni-failover-state:';
const BOTH_SICK: Given = { alarms: inAlarm(A, B) };
const BLOCK = 'holder-impaired/no-candidate';
const sentence = `The holder ${A} has the alarm 'eni-failover/web/${A}' in ALARM. No member can take over.`;
const second = (tags: object) => floating(ENI2, attachment(ENI2, A, { deviceIndex: 2 }), { tags: { ...tags } });

describe('an interface that lacks the ledger of the others', () => {
  const places = [ENI, ENI2].map(
    (id, nth) => ({ kind: 'interface', id, deviceIndex: nth + 1, networkCardIndex: 0 }) as const,
  );
  const both = ledger({ resources: places });
  const written = ledgerTags(both);
  const whole = encodeLedger(both, STATE);
  const writesFor = (tags: object, given: Given = {}) => {
    const interfaces = [floating(ENI, A, { tags: written }), second(tags)];
    return decided(SWEEP, observation({ interfaces, ...given })).write?.writes;
  };
  const condition = { [`${STATE}notes`]: `condition ${BLOCK} since 2026-08-20T10:00:00Z` };

  it('should get all of it, while the others keep theirs', () => {
    expect(writesFor({})).toEqual([{ interfaceIds: [ENI2], tags: whole }]);
    expect(writesFor({ ...written, [`${STATE}reason`]: 'other' })).toEqual([{ interfaceIds: [ENI2], tags: whole }]);
    expect(writesFor(written)).toBeUndefined();
  });

  it('should get all of it when the others get what changed', () => {
    expect(writesFor({}, BOTH_SICK)).toEqual([
      { interfaceIds: [ENI], tags: condition },
      { interfaceIds: [ENI2], tags: { ...whole, ...condition } },
    ]);
  });

  it('should be left alone when it says already what the others are about to say', () => {
    const ahead = ledgerTags({ ...both, condition: { what: BLOCK, since: NOW } });
    expect(writesFor(ahead, BOTH_SICK)).toEqual([{ interfaceIds: [ENI], tags: condition }]);
  });

  it('should wait for a look at the group itself, and not get it by an event about somebody else', () => {
    const interfaces = [floating(ENI, A, { tags: written }), second({})];
    expect(decided(alarmTrigger(C), observation({ interfaces })).write).toBeUndefined();
  });

  it('should get what changed like the others when it lacks nothing', () => {
    expect(writesFor(written, BOTH_SICK)).toEqual([{ interfaceIds: [ENI, ENI2], tags: condition }]);
  });
});

describe('a ledger that cannot be read', () => {
  const damaged = (given: Given = {}, carried = ledger()) => {
    const tags = { ...ledgerTags(carried), [`${STATE}state`]: 'many' };
    const { write } = decided(SWEEP, observation({ interfaces: [floating(ENI, A, { tags })], ...given }));
    expect(write?.writes.map(({ interfaceIds }) => interfaceIds)).toEqual([[ENI]]);
    return { tags: write?.writes[0]?.tags, news: write?.news };
  };
  const fault = `The ledger of ${ENI} has an unreadable state: 'many'.`;

  it('should be begun anew although all is well, and say what was wrong', () => {
    const { tags, news } = damaged();
    expect(tags).toMatchObject({
      [`${STATE}reason`]: 'The ledger could not be read and was begun anew.',
      [`${STATE}state`]: `v1 steady holder=${A} epoch=0 changed=2026-08-20T10:00:00Z moved=none`,
      [`${STATE}notes`]: 'none',
      [`${STATE}members`]: `${A} ${B}`,
    });
    expect(news).toEqual([fault]);
  });

  it('should be begun anew with what stands in the way', () => {
    const { tags, news } = damaged(BOTH_SICK);
    expect(tags).toMatchObject({ [`${STATE}notes`]: `condition ${BLOCK} since 2026-08-20T10:00:00Z` });
    expect(news).toEqual([fault, sentence]);
  });

  it('should leave the pause alone, which counts all the same', () => {
    const { tags } = damaged(BOTH_SICK, ledger({ pausedUntil: NOW + MINUTE_MS }));
    expect(tags?.[`${STATE}notes`]).toContain('holder-impaired/paused');
    expect(tags).not.toHaveProperty(`${STATE}pause`);
  });

  it('should not call members new that it may have known', () => {
    expect(damaged({ members: [member(A), member(B), member(C)] }).news).toEqual([fault]);
  });
});
