import type { Facts } from './facts.ts';
import type { Ledger } from './ledger.ts';
import { MAX_UNREADY } from './ledger-notes.ts';
import type { Finding, Readiness } from './readiness.ts';
import type { Part } from './stray-notes.ts';

/** What passes by itself within minutes is not worth waking anybody; a check says it all the same. */
const PASSING: readonly string[] = [
  'initializing',
  'health-unknown',
  'candidates-unknown',
  'intent-pending',
  'spot-interruption',
];

/** What a look at a group changes in what is noted of its readiness: it is told the moment it turns, and then no more. */
export function readinessChange(before: Ledger, readiness: Readiness, facts: Facts): Part | undefined {
  const blocking = readiness.findings.filter(({ severity }) => severity === 'blocking');
  const lasting = blocking.filter(({ code }) => !PASSING.includes(code));
  // Until it is known what comes of it, what was told is as good as any.
  if (lasting.length === 0 && blocking.length > 0) return undefined;
  const codes = codesOf(lasting);
  const known = before.unready?.codes ?? [];
  if (codes.join() === known.join()) return undefined;
  const { group, now } = facts.observation;
  const news = codes.length > 0 ? lost(group, lasting) : `Redundant again: the group '${group}' could fail over now.`;
  const since = before.unready?.since ?? now;
  const apply = ({ unready: _, ...ledger }: Ledger): Ledger => ({
    ...ledger,
    ...(codes.length > 0 && { unready: { codes, since } }),
  });
  return { keys: ['notes'], news: [news], apply, turned: true };
}

/** Each once, and as many as are noted. */
function codesOf(findings: readonly Finding[]): readonly string[] {
  return [...new Set(findings.map(({ code }) => code))].sort().slice(0, MAX_UNREADY);
}

function lost(group: string, findings: readonly Finding[]): string {
  const each = findings.slice(0, MAX_UNREADY).map(({ reason, mend }) => `${reason} ${mend}`);
  return `No redundancy: if the holder of the group '${group}' failed now, nobody could be sure to take over. ${each.join(' ')}`;
}
