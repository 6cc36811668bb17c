import { packageOnce } from '../../build/packaging.ts';
import type { Experiment } from '../../demo/datapath/experiment.ts';
import type { FaultName } from '../../demo/datapath/faults.ts';
import { packageWith } from '../../demo/datapath/probes.ts';
import { itHere, leftovers, play, start } from './command.ts';

beforeAll(async () => {
  await packageOnce(packageWith(1));
  await packageOnce(packageWith(2));
}, 180_000);

/** Throws with all there is to know of a run that went otherwise than it has to: it may never do so again. */
function assertThat(isAsItShould: boolean, { timeline, ...came }: Experiment): void {
  const story = timeline.map(({ atMs, text }) => `${atMs} ${text}`).join('\n');
  if (!isAsItShould || !came.asExpected) throw new Error(`${JSON.stringify(came)}\n${story}`);
  expect(leftovers()).toEqual([]);
}

/** The verdicts that the watch has told, each with its reason. */
const verdictsIn = ({ timeline }: Experiment): readonly string[] =>
  timeline.flatMap(({ atMs, text }) => {
    const [, verdict] = /"code":"verdict".*"verdict":"([a-z-]+)"/.exec(text) ?? [];
    const [, reason] = /"reason":"([a-z-]+)"/.exec(text) ?? [];
    return verdict === undefined || atMs < 0 ? [] : [reason === undefined ? verdict : `${verdict} (${reason})`];
  });

const isDetach = ({ kind, text }: Experiment['timeline'][number]): boolean =>
  kind === 'call' && text.startsWith('DetachNetworkInterface') && !text.includes('as a dry run');

/** What the outage of a hung guest has to stay below, which a busy machine is allowed to miss by half. */
const HUNG_MS = 15_000;
/** A service has ten seconds to come back before anything follows. */
const SERVICE_MS = 10_000;

describe('probes that look at real hosts', () => {
  for (const probes of ['1', '2'])
    itHere(`should notice a hung kernel within seconds: ${probes} of them`, async () => {
      const came = await play('--probe', probes, '--fault', 'kernel-hung');
      const seconds = (came.outageMs ?? Infinity) < HUNG_MS;
      // EC2 itself has noticed nothing by then.
      const alone = !came.timeline.some(({ text }) => /fails its instance check|OK -> ALARM/.test(text));
      assertThat(seconds && alone && verdictsIn(came).join() === 'unreachable', came);
    });

  for (const fault of ['processes-stuck', 'processes-stuck-under-load', 'nginx-dead'] satisfies FaultName[])
    itHere(`should give a service ten seconds to come back, and then leave it: ${fault}`, async () => {
      const came = await play('--probe', '2', '--fault', fault);
      assertThat((came.outageMs ?? 0) >= SERVICE_MS && verdictsIn(came).join() === 'not-serving (service)', came);
    });

  itHere('should say that a way is closed, and move nothing: everybody else would be behind it, too', async () => {
    const came = await play('--probe', '2', '--fault', 'security-group-closed');
    assertThat(verdictsIn(came).join() === 'not-serving (path)' && !came.timeline.some(isDetach), came);
  });

  for (const fault of ['nginx-restarted', 'loss-3s', 'probe-starved'] satisfies FaultName[])
    itHere(`should move nothing: ${fault}`, async () => {
      const came = await play('--probe', '2', '--fault', fault);
      assertThat(!came.timeline.some(isDetach), came);
    });

  for (const probes of ['1', '2'])
    itHere(`should take their own blindness for nobody's failure: ${probes} of them`, async () => {
      const came = await play('--probe', probes, '--fault', 'probe-cut');
      const [first] = verdictsIn(came);
      assertThat(first === 'probe-blind' && (came.outageMs ?? 0) < 1_000 && !came.timeline.some(isDetach), came);
    });

  itHere('should reach nobody behind a guest without policy routing, as little as a client does', async () => {
    const came = await play('--probe', '2', '--fault', 'no-policy-routing');
    // The person's own move, and none by the probe.
    assertThat(came.timeline.filter(isDetach).length === 1, came);
  });

  itHere('should not be asked to be struck where there are none', async () => {
    const { status, err } = await start(['--fault', 'probe-cut']).ended;
    expect([status, err]).toEqual([2, 'error: the fault probe-cut strikes a probe: add --probe.\n']);
  });
});
