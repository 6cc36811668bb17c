import type { GroupResult } from '../lib/app.ts';
import type { Naming } from './names.ts';
import type { Look } from './render-status.ts';
import { table, wrapped } from './table.ts';

/** Whether a group could fail over, and a row for each thing that should be put right. */
export function renderCheck(result: GroupResult, naming: Naming, { style, width }: Look): string {
  const { group, reason, readiness } = result;
  const name = style.bold(group ?? '-');
  if (!readiness) return `${wrapped(`${name}: ${naming(reason)}`, width)}\n`;
  const { ready, findings } = readiness;
  const head = `${name}  ready: ${ready ? style.green('yes') : style.red('no')}`;
  if (findings.length === 0) return `${head}\n${wrapped(naming(reason), width)}\n`;
  const rows = findings.map((finding) => [
    finding.severity === 'blocking' ? style.red(finding.severity) : style.yellow(finding.severity),
    finding.code,
    naming(finding.reason),
    naming(finding.mend),
  ]);
  return `${head}\n${table(['', 'CODE', 'WHAT', 'WHAT TO DO'].map(style.dim), rows, width)}\n`;
}
