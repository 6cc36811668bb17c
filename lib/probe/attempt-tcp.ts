import { type Address, type Conversation, converse, type Surroundings } from './connection.ts';
import type { OutcomeClass } from './outcome.ts';

/** An accepted connection is all that is asked, and nothing is said over it. */
const ACCEPTED: Conversation = { begin: (socket, settle) => void socket.once('connect', () => settle('answered')) };

/**
 * `tcp` and `alive`. The kernel answers for whoever listens: a stuck process is not seen (a frozen nginx was seen to
 * take 508 connections).
 */
export function attemptTcp(to: Address, surroundings: Surroundings): Promise<OutcomeClass> {
  return converse(to, surroundings, ACCEPTED);
}
