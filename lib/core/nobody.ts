import type { Answer } from './answer.ts';
import type { Rejection } from './elect.ts';
import type { Facts } from './facts.ts';

/**
 * What is said where nobody was elected: that there is nobody, only if that much is known. A member whose status checks
 * could not be read may be as fit as any.
 * @param sentence what is said, by who might yet be fit ("i-0a or i-0b"), if anybody.
 */
export function nobody(
  { observation: { missing = [] } }: Facts,
  rejected: readonly Rejection[],
  sentence: (inDoubt: string | undefined) => string,
): Answer {
  const unread = missing.filter(({ source }) => source === 'status').map(({ reason }) => reason);
  const inDoubt = rejected.filter(({ code }) => code === 'health-unknown').map(({ instanceId }) => instanceId);
  if (unread.length === 0 || inDoubt.length === 0)
    return { code: 'no-candidate', reason: sentence(undefined), rejected };
  return { code: 'candidates-unknown', reason: `${sentence(inDoubt.join(' or '))} ${unread.join(' ')}`, rejected };
}
