import type { GroupResult, Step } from '../lib/app.ts';
import type { Naming } from './names.ts';
import type { Look } from './render-status.ts';
import { table, wrapped } from './table.ts';

/** How a step is said: one that is to come, one that is under way, one that is done. */
export type Phase = 'to come' | 'under way' | 'done';

const WORDS: Readonly<Record<string, Readonly<Record<Phase, string>>>> = {
  'record-intent': {
    'to come': 'write down what is about to happen',
    'under way': 'writing down what is about to happen',
    done: 'wrote down what is about to happen',
  },
  rehearse: {
    'to come': 'ask whether the attach is allowed',
    'under way': 'asking whether the attach is allowed',
    done: 'asked whether the attach is allowed',
  },
  detach: { 'to come': 'detach', 'under way': 'detaching', done: 'detached' },
  'force-detach': { 'to come': 'detach by force', 'under way': 'detaching by force', done: 'detached by force' },
  attach: { 'to come': 'attach', 'under way': 'attaching', done: 'attached' },
  'record-result': {
    'to come': 'write down the result',
    'under way': 'writing down the result',
    done: 'wrote down the result',
  },
};
const PREPOSITIONS: Readonly<Record<string, string>> = { detach: 'from', 'force-detach': 'from', attach: 'to' };

/** A step in words: `detached web-floating-1 from web-1`. */
export function stepWords({ kind, resource, instanceId }: Step, phase: Phase, naming: Naming): string {
  const what = WORDS[kind]?.[phase] ?? kind;
  const preposition = PREPOSITIONS[kind];
  if (preposition === undefined) return what;
  const where = instanceId === undefined ? '' : ` ${preposition} ${instanceId}`;
  return naming(`${what} ${resource.id}${where}`);
}

/** Seconds as they are read: `2.6 s`. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** The line of a step that has ended: when that was, what it was, how long it took. */
export function stepLine(step: Step, sinceMs: number, naming: Naming, { style }: Look): string {
  const good = step.result === 'done' || step.result === 'already-done' || step.result === 'planned';
  const mark = good ? style.green('✓') : step.result === 'unknown' ? style.yellow('?') : style.red('✗');
  const said = good ? '' : `: ${step.result}${step.reason === undefined ? '' : `: ${naming(step.reason)}`}`;
  const took = style.dim(`(${seconds(step.durationMs)})`);
  return `${seconds(sinceMs).padStart(8)}  ${mark} ${stepWords(step, good ? 'done' : 'under way', naming)}${said} ${took}`;
}

/** What a move would do, step by step. */
export function renderPlan(result: GroupResult, naming: Naming, look: Look): string {
  const { operation, group, reason } = result;
  const held = holdsIn(result, naming, look);
  if (!operation) return `${renderVerdict(result, naming, look)}${held}`;
  const { from, to, steps } = operation;
  const head = naming(`${group}: ${operation.action} ${from === undefined ? '' : `from ${from} `}to ${to}`);
  const lines = steps.map((step, at) => `  ${at + 1}. ${stepWords(step, 'to come', naming)}`);
  return `${look.style.bold(head)}\n${wrapped(naming(reason), look.width)}\n${lines.join('\n')}\n${held}${rejectedIn(result, naming, look)}`;
}

/** What came of a request, in a few lines. */
export function renderVerdict(result: GroupResult, naming: Naming, look: Look): string {
  const { group, code, decision, reason, operation, warnings = [] } = result;
  const { style, width } = look;
  const word = operation?.result ?? decision;
  const color =
    word === 'done' || (decision === 'act' && !operation) ? style.green : word === 'no-action' ? style.dim : style.red;
  const took = operation ? ` in ${seconds(operation.durationMs)}` : '';
  const head = `${style.bold(group ?? '-')}: ${code} ${color(word)}${took}`;
  const said = operation && operation.result !== 'done' ? operation.reason : reason;
  const lines = [
    head,
    wrapped(naming(said), width),
    ...warnings.map((each) => wrapped(`warning: ${naming(each)}`, width)),
  ];
  const ways = measuredIn(result).map((each) => naming(each));
  return `${[...lines, ...ways].join('\n')}\n${decision === 'blocked' ? rejectedIn(result, naming, look) : ''}`;
}

/** What holds automation up, and when that ends by itself. */
function holdsIn({ holds = [] }: GroupResult, naming: Naming, { style, width }: Look): string {
  if (holds.length === 0) return '';
  const rows = holds.map(({ code, reason, until = '-' }) => [code, naming(reason), until]);
  return `${table(['HELD UP BY', 'WHY', 'UNTIL'].map(style.dim), rows, width)}\n`;
}

function rejectedIn({ rejected }: GroupResult, naming: Naming, { style, width }: Look): string {
  if (rejected.length === 0) return '';
  const rows = rejected.map((each) => [naming(each.instanceId), each.code, naming(each.reason)]);
  return `${table(['PASSED OVER', 'CODE', 'WHY'].map(style.dim), rows, width)}\n`;
}

/** How long the parts of a move took, where that was measured: of each way of a drill, else of the move. */
function measuredIn({ operation, drill }: GroupResult): readonly string[] {
  const ways = drill ? [drill.there, drill.back] : [operation];
  return ways.flatMap((way) => {
    if (!way?.phases) return [];
    const { detachMs, attachMs, outageMs } = way.phases;
    const route = way.from === undefined ? `to ${way.to}` : `${way.from} to ${way.to}`;
    return [`${route}: detach ${seconds(detachMs)}, attach ${seconds(attachMs)}, outage ${seconds(outageMs)}`];
  });
}
