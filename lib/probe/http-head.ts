/** So much of a head is read, and no more. */
export const MOST_HEAD_BYTES = 16_384;

const START = 'HTTP/1.';
const STATUS_LINE = /^HTTP\/1\.[01] ([1-5]\d\d)(?: [^\r\n]*)?\r?\n/;
const END = /\r?\n\r?\n/;
const FIRST_HEAD = /^[^]*?\r?\n\r?\n/;
/** 100 and 103 announce another head (RFC 9110, section 15.2); nobody sends more than a few. */
const MOST_HEADS = 5;

/**
 * The status in the head of a reply (RFC 9112, section 4). Pure.
 * @param head what has come so far.
 * @returns `incomplete` while the head has not ended; `wrong` when it is no HTTP, or too long.
 */
export function readHead(head: string): number | 'incomplete' | 'wrong' {
  let rest = head;
  for (let heads = 0; heads < MOST_HEADS; heads += 1) {
    const status = firstStatus(rest);
    if (typeof status !== 'number') return head.length > MOST_HEAD_BYTES ? 'wrong' : status;
    // 101 ends the conversation in HTTP: nobody asked for that.
    if (status >= 200 || status === 101) return status;
    rest = rest.replace(FIRST_HEAD, '');
  }
  return 'wrong';
}

function firstStatus(text: string): number | 'incomplete' | 'wrong' {
  if (!text.startsWith(START.slice(0, text.length))) return 'wrong';
  if (!text.includes('\n')) return 'incomplete';
  const status = STATUS_LINE.exec(text)?.[1];
  if (status === undefined) return 'wrong';
  return END.test(text) ? Number(status) : 'incomplete';
}
