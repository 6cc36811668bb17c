import pc from 'picocolors';
import type { World } from '../lab/world/world.ts';
import type { Mail } from '../lab/bus/bus.ts';
import type { Incident } from './incident.ts';
import type { Phase } from './phases.ts';
import type { Scene } from './scenarios.ts';
import type { TimelineEntry } from './timeline.ts';

/** Prints a line. */
export const say = (line = ''): void => void process.stdout.write(`${line}\n`);

const LOOK: Readonly<Record<TimelineEntry['kind'], (text: string) => string>> = {
  fault: (text) => pc.bold(pc.red(text)),
  metric: pc.yellow,
  alarm: (text) => pc.bold(pc.yellow(text)),
  event: pc.magenta,
  rule: pc.magenta,
  function: pc.cyan,
  call: (text) => (text.startsWith('Describe') ? pc.dim(text) : pc.blue(text)),
  transition: (text) => (/ attached /.test(text) ? pc.bold(pc.green(text)) : pc.green(text)),
  log: pc.dim,
  mail: (text) => pc.bold(pc.cyan(text)),
};

const EXPLAINED: Readonly<Record<Phase['name'], string>> = {
  detection: 'status check, a one-minute datapoint, alarm (fast-forwarded here)',
  delivery: 'EventBridge to Lambda',
  'nobody at it': 'until the sweep, which comes once a minute: by chance so soon here',
  'cold start': 'process and import of the package; none when warm',
  observe: 'read the group, decide',
  intent: 'ask EC2 whether the attach is allowed, write down what is about to happen',
  detach: 'EC2 takes the interface from the old holder',
  attach: 'EC2 gives it to the new one',
  record: 'verify, write down what happened',
  'second look': 'once more, when no read can be behind any longer',
};

/** Prints the timeline while it happens. Repeated looks at the same thing are one line. */
export class Narrator {
  #names: readonly (readonly [string, string])[] = [];
  #last = '';
  #isLive = false;

  /** Names who plays. */
  introduce(scene: Scene, world: World): void {
    const resources = [...scene.members, ...scene.interfaces].map((id) => world.instance(id) ?? world.interface(id));
    this.#names = resources.flatMap((r) => (r === undefined ? [] : [[r.id, r.tags['Name'] ?? r.id] as const]));
    for (const [id, name] of this.#names) {
      const role = scene.interfaces.includes(id) ? 'floating interface' : id === scene.holder ? 'holder' : 'standby';
      say(`  ${pc.bold(name.padEnd(16))} ${id.padEnd(22)} ${role}`);
    }
    say(`\n${pc.dim('Fast-forward: what CloudWatch needs minutes to notice takes a moment here.')}`);
  }

  /** Prints what has just happened. */
  tell({ atMs, kind, text }: TimelineEntry): void {
    if (kind === 'call' && text === this.#last && text.startsWith('Describe')) return;
    this.#last = text;
    say(lineOf({ atMs, kind, text }, this.#names));
    if (text.startsWith('function killed'))
      say(pc.dim('Nobody is at it now. Lambda tries again in a minute; the sweep, too, comes once a minute.'));
    if (kind !== 'rule' || this.#isLive) return;
    this.#isLive = true;
    say(pc.dim('From here on in real time:'));
  }
}

/** An entry as a person reads it, with the names of resources instead of their ids. */
export function lineOf({ atMs, kind, text }: TimelineEntry, names: readonly (readonly [string, string])[]): string {
  const named = names.reduce((line, [id, name]) => line.replaceAll(id, name), messageOf(kind, text));
  return `${pc.dim(clockOf(atMs))}  ${pc.dim(kind.padEnd(10))} ${LOOK[kind](named)}`;
}

/** The part of a line that a person wants to read. */
function messageOf(kind: TimelineEntry['kind'], text: string): string {
  if (kind === 'log' && text.startsWith('{')) {
    const { code, message } = JSON.parse(text) as { code?: string; message?: string };
    if (message === undefined) return text;
    return code === undefined ? message : `${code}: ${message}`;
  }
  return kind === 'call' && text.startsWith('CreateTags') ? ledgerOf(text) : text;
}

/** Of the tags the function writes, those that tell the story. */
function ledgerOf(text: string): string {
  const tag = (key: string): string => new RegExp(` ${key}='([^']*)'`).exec(text)?.[1] ?? '';
  const [call] = text.split(': ');
  const [meant] = tag('operation').split(' id=');
  const [, phase, holder, epoch] = /^v1 (\w+) holder=(\S+) epoch=(\d+)/.exec(tag('state')) ?? [];
  if (phase === 'moving') return `${call}: the intent: ${meant}`;
  return phase === 'steady' ? `${call}: the result: holder ${holder}, epoch ${epoch}` : text;
}

function clockOf(ms: number): string {
  const tenths = Math.round(ms / 100);
  return `${Math.floor(tenths / 600)}:${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}`;
}

/** Minutes and seconds, as people say them. */
const minutes = (ms: number): string => `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1_000)} s`;

/** Prints what an incident came to, and how long each part of it took. */
export function summarize({ phases, failoverMs, outageMs, result, queues }: Incident): void {
  say(`\n${pc.bold('Where the time went')}`);
  const longest = Math.max(...phases.slice(1).map(({ ms }) => ms));
  for (const { name, ms } of phases) {
    const bar = name === 'detection' ? '' : '█'.repeat(Math.max(1, Math.round((ms / longest) * 24)));
    say(
      `  ${name.padEnd(12)} ${(ms / 1000).toFixed(2).padStart(7)} s  ${pc.cyan(bar.padEnd(25))}${pc.dim(EXPLAINED[name])}`,
    );
  }
  if (failoverMs !== null) say(`\n  Event to attached: ${pc.bold(pc.green(`${(failoverMs / 1000).toFixed(2)} s`))}`);
  if (outageMs !== null) say(`  Outage, with nothing but status checks to notice it: ${pc.bold(minutes(outageMs))}`);
  if (failoverMs === null) say(`\n  ${pc.bold(pc.red(`The interface did not move (${result}).`))}`);
  for (const [name, count] of Object.entries(queues)) say(`  On-failure queue ${name}: ${count || 'empty'}`);
}

/** Prints the tags of a scene's interfaces as they are in the end. */
export function showTags(scene: Scene, world: World): void {
  for (const id of scene.interfaces) {
    say(`\n${pc.bold(`Tags of ${id}, as the EC2 console shows them`)}`);
    for (const [key, value] of Object.entries(world.interface(id)?.tags ?? {})) say(`  ${key.padEnd(32)} ${value}`);
  }
}

/** Prints the last mail that a person would have got, as it was delivered. */
export function showMail(mails: readonly Mail[]): void {
  const mail = mails.findLast(({ to }) => to.length > 0);
  if (mail === undefined) return say(`\n${pc.dim('Nobody was sent a mail.')}`);
  say(`\n${pc.bold('The mail, with the parameter notifyEmail')}`);
  for (const line of [`To: ${mail.to.join(', ')}`, `Subject: ${mail.subject}`, '', ...mail.text.split('\n')])
    say(`  ${line}`.trimEnd());
}
