import { isDeepStrictEqual } from 'node:util';
import { readLedger } from '../../lib/core/ledger-codec.ts';
import { type Compared, plain, type Said } from './said.ts';
import { observationOf, type Recorded } from './translate.ts';

/**
 * What is answered otherwise than at the recording, and why. Each row turns what was said before into what has to be
 * said now; whatever is left over after all of them is a change that nobody meant.
 */
interface Row {
  readonly name: string;
  readonly apply: (before: Said, now: Said, recorded: Recorded) => Said;
}

const STATE = 'eni-failover-state:';
const HELD_UP = ['mode-manual', 'paused', 'cooldown', 'impaired-recently', 'repeated-request'];
const NOBODY = ' Nobody could take over, either.';
const PATIENCE = / The sweep moves the group when that still holds at \S+$/;

export const ROWS: readonly Row[] = [
  {
    name: 'closing a move in which nothing was detached has a code of its own',
    apply: (before) => (before.plan?.kind === 'close' ? { ...before, code: 'close' } : before),
  },
  {
    name: 'what holds automation up says who could have taken over, and with nobody there patience is pointless',
    apply: (before, now) => {
      if (!HELD_UP.includes(before.code ?? '')) return before;
      if (before.code === 'impaired-recently' && now.code === 'no-candidate') return withoutPatience(before, now);
      const reason = `${before.reason}${now.reason?.endsWith(NOBODY) ? NOBODY : ''}`;
      return retold({ ...before, rejected: now.rejected ?? [] }, reason);
    },
  },
  {
    name: 'a group that is well but for DeleteOnTermination is mended without a full look',
    apply: (before, now) => (before.kind === 'look' && now.kind === 'repair' ? { kind: 'repair' } : before),
  },
  {
    name: 'nobody is not somebody who cannot take it back',
    apply: (before) => ({
      ...before,
      ...(before.reason && { reason: before.reason.replace('nobody cannot take it back', 'nobody had it before') }),
      ...(before.note && {
        note: {
          ...before.note,
          news: before.note.news.map((line) => line.replace('nobody cannot take it back', 'nobody had it before')),
        },
      }),
    }),
  },
  {
    name: 'the first write of a ledger names the members, and so they are not announced as new',
    apply: (before, now, recorded) => {
      const { o } = recorded;
      const reading = readLedger(observationOf(o, recorded.s).interfaces, STATE);
      if (reading.status === 'valid' || o.experience?.wrote) return before;
      const members = now.tags?.[`${STATE}members`];
      if (before.tags) return { ...before, tags: { ...before.tags, ...(members && { [`${STATE}members`]: members }) } };
      if (!before.note) return before;
      const news = before.note.news.filter((line) => !line.includes('is a new member of the group'));
      return { ...before, note: { ...before.note, news } };
    },
  },
  {
    name: 'a Spot notice is noted for its time, and speaks against a member like any other signal',
    apply: (before, now, { t }) => {
      if (t.kind !== 'spot-interruption') return before;
      return before.code === 'not-the-holder' ? withFirstNotice(before, now) : withNotice(before, now);
    },
  },
];

/** The rows that explain a difference; undefined when they do not explain all of it. */
export function explain(recorded: Recorded, { before, now }: Compared): readonly string[] | undefined {
  const used: string[] = [];
  let expected: Said = before;
  for (const { name, apply } of ROWS) {
    const next = plain(apply(expected, now, recorded));
    if (!isDeepStrictEqual(next, expected)) used.push(name);
    expected = next;
  }
  return isDeepStrictEqual(expected, now) ? used : undefined;
}

/** The same answer with another reason, in its note as well. */
function retold(before: Said, reason: string): Said {
  const news = before.note?.news.map((line) => (line === before.reason ? reason : line)) ?? [];
  return { ...before, reason, ...(before.note && { note: { ...before.note, news } }) };
}

/** Told at once, and noted unless that was known already. */
function withoutPatience(before: Said, now: Said): Said {
  const reason = before.reason?.replace(PATIENCE, ' No member can take over.') ?? '';
  const noted = now.note?.writes.every(
    ({ tags }) => tags[`${STATE}condition`]?.includes('/no-candidate since ') ?? true,
  );
  const rest = { ...before, code: 'no-candidate', reason, rejected: now.rejected ?? [] };
  return now.note && !noted ? rest : { ...rest, note: now.note };
}

/** An event about a member that holds nothing left no note; now it leaves the notice, in a ledger of its own if need be. */
function withFirstNotice(before: Said, now: Said): Said {
  const noted = now.note?.writes.some(({ tags }) => tags[`${STATE}notices`] !== undefined) ?? true;
  return now.note && noted ? { ...before, note: now.note } : before;
}

/** A tag of its own, one more sentence, and `spot-interruption` wherever its turn has come to be asked. */
function withNotice(before: Said, now: Said): Said {
  const key = `${STATE}notices`;
  const rest = now.note?.writes.map(({ interfaceIds, tags: { [key]: _, ...tags } }) => ({ interfaceIds, tags }));
  const writes = rest?.filter(({ tags }) => Object.keys(tags).length > 0) ?? [];
  const news = now.note?.news.filter((line) => !/^EC2 takes \S+ back within two minutes\.$/.test(line)) ?? [];
  const told = writes.length + news.length > 0 ? { writes, news } : undefined;
  const rejected = (now.rejected ?? []).map((rejection) => {
    const known = before.rejected?.find(({ instanceId }) => instanceId === rejection.instanceId);
    const either = [rejection.code, known?.code].includes('spot-interruption');
    return either ? (known ?? rejection) : rejection;
  });
  const without = { ...now, rejected, ...(told && { note: told }) };
  return isDeepStrictEqual(plain(told ? without : { ...without, note: undefined }), plain(before)) ? now : before;
}
