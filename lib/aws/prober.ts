import { readConfirmReply, secondLook } from '../probe/protocol.ts';
import type { Invoker } from '../watch/ports.ts';
import type { LookRequest, Prober } from '../engine/ports.ts';
import type { SecondLook } from '../probe/verdict.ts';

/** A look takes a second; the rest is a cold start, and the way there and back. No second attempt. */
export const LOOK_MS = 2_500;

/**
 * The probe functions, as whoever wants one more look sees them. All of them are asked at once: which one led when the
 * verdict was reached need not be known, and the other one's answer vetoes.
 */
export function createProber(functions: readonly string[], invoker: Pick<Invoker, 'ask'>): Prober {
  return {
    look: async (request) => {
      const looks = await Promise.all(functions.map((name) => lookOf(name, request, invoker)));
      return looks.flatMap((look) => look ?? []);
    },
  };
}

/** @returns undefined where it could not be asked, or did not answer in time: that says nothing of anybody. */
async function lookOf(
  name: string,
  target: LookRequest,
  invoker: Pick<Invoker, 'ask'>,
): Promise<SecondLook | undefined> {
  try {
    const request = { version: 1, kind: 'confirm', targets: [target] };
    const { isSlow, targets } = readConfirmReply(await invoker.ask(name, request, LOOK_MS));
    const found = targets.find(({ id }) => id === target.id);
    return found && secondLook(found, isSlow);
  } catch {
    return undefined;
  }
}
