import { type VerdictDetail, verdictEvent } from '../lib/probe/verdict-event.ts';
import type { SecondLook } from '../lib/probe/verdict.ts';
import { idOf } from './cast.ts';
import type { Line } from './model.ts';
import type { Stage } from './stage.ts';

type Given = Extract<Line, { readonly verb: 'verdict' }>['given'];

/** What the probes see when they are asked for one more look. */
const LOOKS: Readonly<Record<Given['look'], (says: Given['says']) => readonly SecondLook[]>> = {
  nothing: () => [],
  answers: () => [{ floating: 'answered', own: 'answered', witnesses: ['answered'], isSlow: false }],
  agrees: (says) =>
    says === 'not-serving'
      ? [{ floating: 'refused', own: 'refused', witnesses: ['answered'], isSlow: false }]
      : [{ floating: 'silent', own: 'silent', witnesses: ['answered'], isSlow: false }],
};

/** The probe says something of an interface where it is now, and what it would see from then on is this. */
export function tellVerdict(stage: Stage, { interface: name, says, acts, look, age }: Given): void {
  const { world, ids, story } = stage;
  const id = idOf(ids, name);
  const view = world.interface(id);
  const { attachment } = view ?? {};
  if (!view || !attachment) return story.tell('note', `no verdict: ${name} is attached to nothing`);
  const at = world.clock.now() - age;
  const isDown = says === 'unreachable' || says === 'not-serving';
  const detail: VerdictDetail = {
    version: 1,
    group: view.tags['eni-failover:group'] ?? 'web',
    interfaceId: id,
    attachmentId: attachment.id,
    instanceId: attachment.instanceId,
    verdict: says,
    acts: acts && isDown,
    at,
    lastAnswerAt: says === 'probe-never-answered' ? null : at - 3_000,
    found: says === 'not-serving' ? 'refused' : isDown ? 'silent' : 'answered',
    standbys: [],
    confirmed: isDown ? 'single' : 'unasked',
  };
  stage.functions.look = LOOKS[look](says);
  stage.verdict(verdictEvent(detail));
}
