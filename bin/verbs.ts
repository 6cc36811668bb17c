import { ACTIONS } from '../lib/triggers/request.ts';

/**
 * What a verb does, and so what comes before it: a question changes nothing; an edit changes what is remembered of a
 * group; a move takes interfaces off a member.
 */
export type Manner = 'question' | 'edit' | 'move';

export interface Verb {
  /** The `action` of the request. */
  readonly action: string;
  readonly manner: Manner;
  /** One line of help. */
  readonly summary: string;
  /** Of an edit or a move, what it does, as a person is asked about it. */
  readonly does?: string;
  /** The group may be left out. */
  readonly ofAll?: true;
  /** A move of which `plan` says beforehand what it would do. */
  readonly planned?: true;
}

type Row = Omit<Verb, 'action'>;

/** What is known of the actions besides what the request parser knows. One that is not here is taken for a move. */
export const ROWS: Readonly<Record<string, Row>> = {
  status: { manner: 'question', summary: 'how a group is, or all of them', ofAll: true },
  check: { manner: 'question', summary: 'whether a failover would succeed now, and what to mend', ofAll: true },
  plan: { manner: 'question', summary: 'what a failover would do now, step by step' },
  failover: {
    manner: 'move',
    summary: 'move a group to a standby, whether or not its holder is well',
    does: 'moves the group',
    planned: true,
  },
  switchover: {
    manner: 'move',
    summary: 'move a group from a healthy holder to a healthy standby',
    does: 'moves the group',
    planned: true,
  },
  failback: { manner: 'move', summary: 'move a group back to its preferred member', does: 'moves the group' },
  drill: { manner: 'move', summary: 'move a group there and back, and measure it', does: 'moves the group twice' },
  pause: {
    manner: 'edit',
    summary: 'let automation start no new move for a while',
    does: 'pauses automation',
  },
  resume: { manner: 'edit', summary: 'end a pause', does: 'ends the pause: automation may move the group again' },
  acknowledge: {
    manner: 'edit',
    summary: 'forget the recent moves, so that the cooldown starts afresh',
    does: 'forgets the recent moves: the cooldown starts afresh',
  },
  history: { manner: 'question', summary: 'the last moves of a group, and what was in the way' },
};

/** In the order in which a person meets them. */
const ORDER = Object.keys(ROWS);

/** A verb for each action that the request parser knows. */
export const VERBS: readonly Verb[] = ACTIONS.map((action): Verb => {
  const unheardOf: Row = { manner: 'move', summary: `request '${action}'`, does: `requests '${action}'` };
  return { action, ...(ROWS[action] ?? unheardOf) };
}).toSorted((a, b) => placeOf(a) - placeOf(b));

function placeOf({ action }: Verb): number {
  const place = ORDER.indexOf(action);
  return place === -1 ? ORDER.length : place;
}
