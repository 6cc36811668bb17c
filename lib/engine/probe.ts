import type { InterfaceView, MemberView, Signal, Trigger } from '../core/model.ts';
import { type Confirmation, confirmation, mayMove, overtaken, probeSignals } from '../core/probe.ts';
import { probeSettings } from '../core/probe-settings.ts';
import { readTarget } from '../probe/target.ts';
import { confirms } from '../probe/verdict.ts';
import type { LookRequest } from './ports.ts';
import type { Run } from './run.ts';
import { standbysOf } from './witnesses.ts';

/**
 * What a verdict is worth: it is asked for once more while the other reads go on, by addresses that EC2 itself has
 * just told. Whatever else leads to a look costs no call here. One that this run has seen borne out stays so: the
 * interface may be on its way off meanwhile.
 */
export async function probeSays(
  run: Run,
  trigger: Trigger,
  interfaces: readonly InterfaceView[],
  members: readonly MemberView[],
): Promise<readonly Signal[]> {
  if (trigger.kind !== 'verdict') return [];
  const { verdict } = trigger;
  const { attachmentId } = verdict;
  const settings = probeSettings(interfaces, run.settings.tagPrefix);
  if (!mayMove(verdict, settings)) return [];
  if (run.confirmed.has(attachmentId)) return probeSignals(verdict, interfaces, 'agrees');
  const view = interfaces.find(({ id }) => id === verdict.interfaceId);
  if (!view || overtaken(trigger, { interfaces, now: run.clock.now() }) !== undefined) return [];
  const target = settings.targets.get(view.id);
  const found = target === undefined ? 'unknown' : await lookOnce(run, trigger, { view, target, members });
  if (found === 'agrees') run.confirmed.add(attachmentId);
  return probeSignals(verdict, interfaces, found);
}

interface Subject {
  readonly view: InterfaceView;
  readonly target: string;
  readonly members: readonly MemberView[];
}

async function lookOnce(
  { prober }: Run,
  { verdict }: Extract<Trigger, { kind: 'verdict' }>,
  subject: Subject,
): Promise<Confirmation> {
  const request = requestFor(subject, verdict.instanceId);
  const reading = readTarget('', subject.target);
  if (!prober || !request || !reading.ok) return 'unknown';
  const looks = await prober.look(request);
  return confirmation(looks.map((look) => confirms(verdict, reading.target.kind, look)));
}

function requestFor({ view, target, members }: Subject, holder: string): LookRequest | undefined {
  const own = members.find(({ id }) => id === holder)?.address ?? null;
  if (view.address === undefined) return undefined;
  return { id: view.id, address: view.address, target, own, standbys: standbysOf(members, holder, view.zone) };
}
