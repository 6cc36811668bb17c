import type { GroupResult } from '../lib/app.ts';
import type { Naming } from './names.ts';
import { seconds } from './render-result.ts';
import type { Look } from './render-status.ts';
import { table, wrapped } from './table.ts';

/** The last moves of a group and what was in the way, the newest first. */
export function renderHistory(result: GroupResult, naming: Naming, { style, width }: Look): string {
  const { history = [], reason } = result;
  if (history.length === 0) return `${wrapped(naming(reason), width)}\n`;
  const rows = history.map((line) => {
    const route = line.to === undefined ? '' : `\n${naming(`${line.from ?? 'nobody'} to ${line.to}`)}`;
    const took = line.durationMs === undefined ? '' : `\n${seconds(line.durationMs)}`;
    const isGood = line.result === 'done';
    // A time of day, and under it the day: the milliseconds are for machines.
    const [day = '', time = ''] = line.at.replace(/\.\d+Z$/, 'Z').split('T');
    return [
      `${day}\n${time}`,
      line.by,
      `${line.what}${route}`,
      `${isGood ? style.green(line.result) : style.red(line.result)}${took}`,
      naming(line.why),
    ];
  });
  return `${table(['AT', 'BY', 'WHAT', 'RESULT', 'WHY'].map(style.dim), rows, width)}\n`;
}
