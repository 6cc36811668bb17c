import type { PersonRequest } from '../core/model.ts';
import { FailoverError } from '../errors.ts';
import { parseRequest } from './request.ts';

/** Requests that change nothing. */
export const QUESTIONS: readonly PersonRequest['action'][] = ['status', 'check', 'plan'];

/**
 * A request that only asks, for the function that may only look.
 * @example
 * { "action": "status", "group": "web" }
 * @throws FailoverError `InvalidRequest` with every fault listed; or because the request is for the other function.
 */
export function parseQuestion(input: unknown): PersonRequest {
  const request = parseRequest(input);
  if (QUESTIONS.includes(request.action)) return request;
  throw new FailoverError('InvalidRequest', 'The request was refused, and nothing was called:', [
    `request.action: '${request.action}' changes something, and this function only looks (${QUESTIONS.join(', ')}). Send it to the failover function`,
  ]);
}
