import type { InvocationResult, OperationResult } from '../lib/app.ts';
import { EXIT, exitOf, isWrong } from './exit.ts';
import { fieldsOf } from './fields.ts';
import { showLive } from './live.ts';
import { UsageError } from './program.ts';
import { wrongTarget } from './questions.ts';
import { renderPlan, renderVerdict } from './render-result.ts';
import { type Request, requestFor } from './request.ts';
import { type Before, idIn, lookBefore, only, printJson, type Session } from './session.ts';
import { wrapped } from './table.ts';
import { VERBS } from './verbs.ts';

/** Looks, shows what is about to happen, asks, does it, and says what came of it. @returns the exit status. */
export async function makeChange(session: Session): Promise<number> {
  const { asked, terminal, reach } = session;
  const { verb, group = '', options } = asked;
  if (!options.yes && !terminal.canAsk)
    throw new UsageError(`'${verb.action}' changes something, and nobody can be asked here: give --yes.`);
  const before = await lookBefore(session, group);
  const request = fromHolder(requestFor(asked, before.members), before);
  const plan = verb.planned ? await showPlan(session, request, before) : undefined;
  if (typeof plan === 'number') return plan;
  if (!options.yes) {
    const answer = await session.askPerson(questionFor(session, request, before));
    if (answer !== 'yes') {
      terminal.err.write('Nothing was changed.\n');
      return answer === 'no' ? EXIT.failed : EXIT.interrupted;
    }
  }
  const to = idIn(request, 'to');
  const result = verb.manner === 'move' ? await move(session, request, before, plan?.to) : await reach.ask(request);
  if (options.json) printJson(session, result);
  else if (isWrong(only(result), to)) throw new UsageError(wrongTarget(result, before));
  else terminal.out.write(renderVerdict(only(result), before.naming, terminal.out));
  return exitOf(verb, result, to);
}

/** Whatever happens between the look and the request, only the holder that was seen is left. */
function fromHolder(request: Request, { holder }: Before): Request {
  const takesFrom = fieldsOf(request.action).some(({ name }) => name === 'from');
  const given = idIn(request, 'from');
  if (!takesFrom || given !== undefined || holder === null || request['to'] === holder) return request;
  return { ...request, from: holder };
}

/** @returns the exit status where there is nothing to ask about. */
async function showPlan(session: Session, request: Request, before: Before): Promise<OperationResult | number> {
  const { reach, terminal, asked } = session;
  const taken = fieldsOf('plan').map(({ name }) => name);
  const fields = Object.entries(request).filter(([name]) => name === 'group' || taken.includes(name));
  const result = await reach.ask({ ...Object.fromEntries(fields), action: 'plan' });
  const to = idIn(request, 'to');
  if (isWrong(only(result), to) && !asked.options.json) throw new UsageError(wrongTarget(result, before));
  const { operation } = only(result);
  if (operation) {
    terminal.err.write(`${renderPlan(only(result), before.naming, terminal.err)}\n`);
    return operation;
  }
  if (asked.options.json) printJson(session, result);
  else terminal.out.write(renderVerdict(only(result), before.naming, terminal.out));
  const done = only(result).code === 'already-there';
  const plan = VERBS.find(({ action }) => action === 'plan') ?? asked.verb;
  return done ? EXIT.done : Math.max(EXIT.failed, exitOf(plan, result, to));
}

function questionFor({ asked }: Session, { minutes, to }: Request, { naming, holder }: Before): string {
  const { verb, group } = asked;
  const long = typeof minutes === 'number' ? ` for ${minutes} minutes` : '';
  const where = typeof to === 'string' ? ` to ${naming(to)}` : '';
  const held = holder === null ? 'nobody holds it now' : `${naming(holder)} holds it now`;
  return `${verb.action} ${group}: ${verb.does ?? 'changes something'}${where}${long}; ${held}. Go on?`;
}

async function move(session: Session, request: Request, { naming }: Before, to?: string): Promise<InvocationResult> {
  const { reach, terminal, asked } = session;
  const { group = '', verb } = asked;
  const waiting = reach.tellsSteps
    ? `${verb.action} ${group}`
    : `${verb.action} ${group}: the function is at it; its steps come at the end`;
  const live = showLive(terminal, naming, waiting);
  session.begin({ live, group, to: to === undefined ? undefined : naming(to), viaLambda: !reach.tellsSteps });
  try {
    const result = await reach.ask(request, live.onStep);
    live.stop();
    if (!reach.tellsSteps) tellAfterwards(result, live.onStep);
    return result;
  } finally {
    live.stop();
  }
}

/** What a function has done is told once it is over. */
function tellAfterwards(result: InvocationResult, onStep: ReturnType<typeof showLive>['onStep']): void {
  const { operation, drill } = only(result);
  const ways = drill ? [drill.there, drill.back] : [operation];
  let sinceMs = 0;
  for (const step of ways.flatMap((way) => way?.steps ?? [])) {
    sinceMs += step.durationMs;
    onStep(step, 'ended', sinceMs);
  }
}

/** What to say to whoever has stopped a move in the middle. */
export function interruption(
  { done, open }: { readonly done: readonly string[]; readonly open: readonly string[] },
  { group, to, viaLambda }: { readonly group: string; readonly to?: string | undefined; readonly viaLambda: boolean },
  width: number,
): string {
  const again = `eni-failover failover ${group}${to === undefined ? '' : ` --to ${to}`}`;
  if (viaLambda)
    return wrapped(
      `Interrupted here; the function goes on with it. See how it ends: eni-failover status ${group}`,
      width,
    );
  if (done.length + open.length === 0) return wrapped('Interrupted before anything was changed.', width);
  const sofar = done.length === 0 ? 'nothing was done yet' : done.join(', ');
  const next = open.length === 0 ? '' : `; under way: ${open.join(', ')}`;
  const isOff = [...done, ...open].some((words) => words.startsWith('detach'));
  const what = isOff
    ? 'The move is written down in the tags of the interface. The next run completes it: the sweep, within a minute, or you'
    : 'Nothing was detached. The next sweep closes what was written down, or completes it where the holder has failed; or you complete it';
  return `${wrapped(`Interrupted: ${sofar}${next}.`, width)}\n${wrapped(what, width)}:\n  ${again}`;
}
