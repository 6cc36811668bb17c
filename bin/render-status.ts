import { stripVTControlCharacters } from 'node:util';
import type { GroupResult } from '../lib/app.ts';
import { namingOf, type Naming } from './names.ts';
import { table, wrapped } from './table.ts';
import type { Style } from './terminal.ts';

/** How something is to look. */
export interface Look {
  readonly style: Style;
  readonly width: number;
}

/** Columns of what stands in front of a sentence. */
const LABEL = 11;

type Status = NonNullable<GroupResult['status']>;

/** All groups, a line for each. */
export function renderGroups(groups: readonly GroupResult[], { style, width }: Look): string {
  const rows = groups.map((result) => {
    const { status, group, reason } = result;
    const naming = namingOf({ groups: [result] });
    if (!status) return [group ?? '-', style.yellow('unknown'), '-', '-', naming(reason)];
    return [
      group ?? '-',
      readyWord(status, style),
      naming(status.holder ?? 'nobody'),
      naming(standbysOf(status)) || 'none',
      naming(shortOf(result, status)),
    ];
  });
  return `${table(['GROUP', 'READY', 'HOLDER', 'STANDBYS', 'NOW'].map(style.dim), rows, width)}\n`;
}

/** One group, with everything that belongs to it. */
export function renderGroup(result: GroupResult, look: Look): string {
  const { style, width } = look;
  const { status, group, reason, warnings = [] } = result;
  if (!status) return `${wrapped(`${style.bold(group ?? '-')}: ${reason}`, width)}\n`;
  const naming = namingOf({ groups: [result] });
  const say = (label: string, text: string): string => labelled(style.dim(label), naming(text), width);
  const lines = [
    `${style.bold(group ?? '-')}  ready: ${readyWord(status, style)}  holder: ${naming(status.holder ?? 'nobody')}`,
    say('now', reason),
    say('next', status.next),
    ...(status.readiness.ready ? [] : [say('not ready', status.readiness.reason)]),
    ...pausedIn(status).map((until) => say('paused', `until ${until}`)),
    ...warnings.map((warning) => say('warning', warning)),
    ...changedSettings(status).map((setting) => say('setting', setting)),
  ];
  return `${lines.join('\n')}\n\n${interfacesOf(status, naming, look)}\n\n${membersOf(status, naming, look)}\n`;
}

/** A sentence behind what it is about. */
function labelled(label: string, text: string, width: number): string {
  const [first = '', ...rest] = wrapped(text, width - LABEL).split('\n');
  const gap = ' '.repeat(LABEL - stripVTControlCharacters(label).length);
  return [`${label}${gap}${first}`, ...rest.map((line) => ' '.repeat(LABEL) + line)].join('\n');
}

function interfacesOf({ resources }: Status, naming: Naming, { style, width }: Look): string {
  const rows = resources.map((each) => [
    nameAndId(each),
    [...each.privateAddresses, ...each.publicAddresses].join('\n') || '-',
    String(each.deviceIndex ?? '-'),
    each.holder === null
      ? style.yellow('nobody')
      : `${naming(each.holder)}${each.attachment === 'attached' ? '' : ` (${each.attachment})`}`,
  ]);
  return table(['INTERFACE', 'ADDRESS', 'INDEX', 'ON'].map(style.dim), rows, width);
}

function membersOf({ members }: Status, naming: Naming, { style, width }: Look): string {
  const rows = members.map((each) => [
    nameAndId(each),
    each.role,
    each.state,
    each.health === 'healthy' ? style.green(each.health) : style.yellow(each.health),
    String(each.priority),
    each.role === 'holder'
      ? '-'
      : each.eligible
        ? style.green('yes')
        : `${style.red('no:')} ${naming(each.reason ?? each.code ?? '')}`,
  ]);
  return table(['MEMBER', 'ROLE', 'STATE', 'HEALTH', 'PRIO', 'TAKES OVER'].map(style.dim), rows, width);
}

const nameAndId = ({ id, name }: { readonly id: string; readonly name: string | null }): string =>
  name === null ? id : `${name}\n${id}`;

const readyWord = ({ readiness }: Status, style: Style): string =>
  readiness.ready ? style.green('yes') : style.red('no');

const standbysOf = ({ members }: Status): string =>
  members.flatMap(({ role, id }) => (role === 'standby' ? [id] : [])).join(', ');

/** Of everything that could be said, what a person has to know first. */
function shortOf({ reason, decision }: GroupResult, { readiness, next }: Status): string {
  if (decision !== 'no-action') return reason;
  return readiness.ready ? next : readiness.reason;
}

const pausedIn = ({ ledger }: Status): readonly string[] =>
  'pausedUntil' in ledger && ledger.pausedUntil !== null ? [ledger.pausedUntil] : [];

/** What is not as it is by itself. */
function changedSettings({ settings }: Status): readonly string[] {
  const changed = settings.filter(({ from }) => from !== 'default');
  return changed.map(({ name, value, from }) => `${name} = ${value} (${from})`);
}
