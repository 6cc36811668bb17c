import type { InvocationResult } from '../lib/app.ts';
import { systemClock } from '../lib/clock.ts';
import { exitOf, isWrong } from './exit.ts';
import { type Naming, namingOf } from './names.ts';
import { UsageError } from './program.ts';
import { renderCheck } from './render-check.ts';
import { renderHistory } from './render-history.ts';
import { renderPlan, renderVerdict } from './render-result.ts';
import { renderGroup, renderGroups } from './render-status.ts';
import { requestFor } from './request.ts';
import { type Before, idIn, lookBefore, only, possibleInstead, printJson, type Session } from './session.ts';

/** Between two looks of `--watch`. */
const WATCH_MS = 5_000;
const CLEAR_SCREEN = '\u001B[2J\u001B[H';

/** Asks, and prints the answer; nothing is changed. @returns the exit status. */
export async function answerQuestion(session: Session): Promise<number> {
  const { asked, terminal, reach } = session;
  const { verb, group, options } = asked;
  if (verb.action === 'status') {
    const result = await reach.ask({ action: 'status', ...(group !== undefined && { group }) });
    if (result.groups.some((each) => isWrong(each)) && !options.json) throw new UsageError(only(result).reason);
    if (options.json) printJson(session, result);
    else terminal.out.write(statusText(result, group, session));
    return exitOf(verb, result);
  }
  const before = group === undefined ? undefined : await lookBefore(session, group);
  const naming = before?.naming ?? namingOf(await reach.ask({ action: 'status' }));
  const request = requestFor(asked, before?.members ?? []);
  const result = await reach.ask(request);
  const to = idIn(request, 'to');
  if (before && isWrong(only(result), to) && !options.json) throw new UsageError(wrongTarget(result, before));
  if (options.json) printJson(session, result);
  else terminal.out.write(answerText(result, naming, session));
  return exitOf(verb, result, to);
}

/** The same again and again, until Ctrl-C, or nobody reads it any more. @returns the exit status of the last look. */
export async function watch(session: Session): Promise<number> {
  const { terminal, asked } = session;
  for (;;) {
    if (terminal.out.isTty) terminal.out.write(CLEAR_SCREEN);
    else if (!asked.options.json) terminal.out.write(`${new Date(systemClock.now()).toISOString()}\n`);
    const exit = await answerQuestion(session);
    if (terminal.isGone()) return exit;
    await systemClock.sleep(WATCH_MS);
  }
}

function statusText(result: InvocationResult, group: string | undefined, { terminal, reach }: Session): string {
  const { out } = terminal;
  if (group !== undefined) return renderGroup(only(result), out);
  if (result.groups.length === 0) return nothingHere(reach);
  return renderGroups(result.groups, out);
}

/** How the answer to a question is shown, where a verdict does not say it all. */
const RENDERERS: Readonly<Record<string, typeof renderVerdict>> = {
  check: renderCheck,
  plan: renderPlan,
  history: renderHistory,
};

function answerText(result: InvocationResult, naming: Naming, { asked, terminal, reach }: Session): string {
  const { action } = asked.verb;
  if (result.groups.length === 0) return nothingHere(reach);
  const render = RENDERERS[action] ?? renderVerdict;
  return result.groups.map((each) => render(each, naming, terminal.out)).join('\n');
}

const nothingHere = ({ source }: Session['reach']): string =>
  `There is no group here: no interface carries the tag. ${source}\n`;

/** Somebody was named who can never take over: why, and who could. */
export const wrongTarget = (result: InvocationResult, before: Before): string =>
  `${before.naming(only(result).reason)} ${possibleInstead(before)}`;
