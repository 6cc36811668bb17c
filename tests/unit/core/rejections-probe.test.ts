import { A, B, C, ENI, member, SWEEP, decided } from '../../support/observation.ts';
import { decidedFor, NOT_SERVING, probed, seenFor, verdictTrigger } from '../../support/probe.ts';

const three = { members: [member(A), member(B), member(C)] };
const standbys = (b: object, c: object = {}) => ({
  standbys: [
    { instanceId: B, ...b },
    { instanceId: C, ...c },
  ],
});

describe('fails-probe', () => {
  it('should rule a member out where it is the service that fails', () => {
    const decision = decidedFor({ ...NOT_SERVING, ...standbys({ answers: true, passes: false }) }, three);
    expect(decision.plan?.to).toBe(C);
    expect(decision.rejected).toContainEqual({ instanceId: B, code: 'fails-probe', reason: 'it fails the same probe' });
  });

  it('should leave the group where it is when nobody would serve it better', () => {
    const given = { ...NOT_SERVING, ...standbys({ passes: false }, { passes: false }) };
    expect(decidedFor(given, three).code).toBe('no-candidate');
  });

  it('should rule nobody out where the holder is unreachable: anybody is better', () => {
    expect(decidedFor(standbys({ answers: true, passes: false }), three).plan?.to).toBe(B);
  });

  it('should not be what is not known', () => {
    expect(decidedFor({ ...NOT_SERVING, standbys: [] }).plan?.to).toBe(B);
  });
});

describe('unreachable', () => {
  it('should keep the interface from going back to whom it was taken off, while anybody else is there', () => {
    const trigger = verdictTrigger();
    const loose = { interfaces: [probed({}, { attachment: undefined as never })], ...three };
    const seen = seenFor(trigger, { found: 'agrees', ...loose });
    const { rejected, plan } = decided({ kind: 'if-holder-failed' }, seen);
    expect(plan?.to).toBe(B);
    expect(rejected).toContainEqual({
      instanceId: A,
      code: 'unreachable',
      reason: expect.stringMatching(`^it answers the probe neither on ${ENI} nor on its own address`),
    });
  });

  it('should rank a standby last that used to answer and is silent', () => {
    expect(decidedFor(standbys({ answers: false }, { answers: true }), three).plan?.to).toBe(C);
    expect(decidedFor(standbys({ answers: false })).plan?.to).toBe(B);
    expect(decided(SWEEP, seenFor(verdictTrigger(), three)).plan).toBeUndefined();
  });
});
