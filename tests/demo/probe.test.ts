import { packageOnce } from '../../build/packaging.ts';
import { PROBE_PARAMS, runProbeIncident } from '../../demo/probe.ts';

const itOnLinux = process.platform === 'linux' ? it : it.skip;

describe('the scenario probe', () => {
  itOnLinux.each(['hung', 'dead'] as const)(
    'should move the interface of a holder that is %s, and say what a client saw',
    async (strike) => {
      const pkg = await packageOnce({ params: PROBE_PARAMS });
      const incident = await runProbeIncident({ strike, seed: 3, pkg, profile: 'instant' });
      expect(incident).toMatchObject({ strike, result: 'moved' });
      const { from, to, outageMs, detectionMs, moveMs, timeline } = incident;
      expect(to).not.toBe(from);
      // A verdict takes three misses, a second apart; what is there and does not serve has to last ten seconds.
      expect(detectionMs).toBeGreaterThan(strike === 'dead' ? 10_000 : 2_000);
      expect(moveMs).toBeGreaterThan(0);
      expect(outageMs).toBeGreaterThan(detectionMs ?? 0);
      const texts = timeline.map(({ kind, text }) => `${kind} ${text}`);
      expect(texts.filter((text) => /UnauthorizedOperation|AccessDenied/.test(text))).toEqual([]);
      expect(texts.some((text) => /"verdict":"(unreachable|not-serving)"/.test(text))).toBe(true);
      expect(texts.some((text) => /SIGKILL/.test(text))).toBe(false);
    },
    180_000,
  );
});
