import type { GroupResult, InvocationResult } from '../lib/app.ts';
import type { Answer } from './ask.ts';
import { isWrong } from './exit.ts';
import type { Live } from './live.ts';
import { namingOf, type Naming } from './names.ts';
import { type Asked, UsageError } from './program.ts';
import type { Reach } from './reach.ts';
import type { Request } from './request.ts';
import type { Terminal } from './terminal.ts';

/** What one run of the command works with. */
export interface Session {
  readonly asked: Asked;
  readonly reach: Reach;
  readonly terminal: Terminal;
  /** Asks a person for a yes. */
  readonly askPerson: (message: string) => Promise<Answer>;
  /** Begins to show a move, and is told when it is over: whoever interrupts it hears how far it has come. */
  readonly begin: (move: Underway) => void;
}

/** A move that is being made. */
export interface Underway {
  readonly live: Live;
  readonly group: string;
  readonly to?: string | undefined;
  readonly viaLambda: boolean;
}

/** A group as it is before something is asked of it. */
export interface Before {
  readonly result: GroupResult;
  readonly naming: Naming;
  readonly holder: string | null;
  readonly members: NonNullable<GroupResult['status']>['members'];
}

/** Prints a result as one document, for machines. */
export function printJson({ terminal, asked }: Session, result: InvocationResult): void {
  terminal.out.write(`${JSON.stringify(result, null, asked.options.watch ? undefined : 2)}\n`);
}

/**
 * Looks at the group that somebody has named.
 * @throws UsageError where there is none of this name, with those that there are.
 */
export async function lookBefore({ reach }: Session, group: string): Promise<Before> {
  const found = await reach.ask({ action: 'status', group });
  const [result] = found.groups;
  if (!result) throw new UsageError(`Nothing is known of '${group}'.`);
  if (isWrong(result)) throw new UsageError(result.reason);
  const { status } = result;
  return { result, naming: namingOf(found), holder: status?.holder ?? null, members: status?.members ?? [] };
}

/** Who could take over, for whoever has named somebody who cannot. */
export function possibleInstead({ members, naming }: Before): string {
  const able = members.filter(({ eligible, role }) => eligible && role === 'standby').map(({ id }) => naming(id));
  return able.length === 0 ? 'Nobody else could take over, either.' : `Possible instead: ${able.join(', ')}.`;
}

/** The one group of a result. */
export function only({ groups }: InvocationResult): GroupResult {
  const [first] = groups;
  if (!first) throw new Error('the answer speaks of no group');
  return first;
}

/** A field of a request that is an instance id. */
export function idIn(request: Request, field: string): string | undefined {
  const value = request[field];
  return typeof value === 'string' ? value : undefined;
}
