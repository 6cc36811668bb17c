/** So much of a head is read, and no more. */
const MOST_HEAD_BYTES = 16_384;
/** In so many pieces, at most: a server that drips would have the probe at work for as long as an answer may take. */
export const MOST_PIECES = 200;

const START = 'HTTP/1.';
const STATUS_LINE = /^HTTP\/1\.[01] ([1-5]\d\d)(?: [^\r\n]*)?\r?\n/;
const END = /\r?\n\r?\n/;
const FIRST_HEAD = /^[^]*?\r?\n\r?\n/;
/** 100 and 103 announce another head (RFC 9110, section 15.2); nobody sends more than a few. */
const MOST_HEADS = 5;

/** A status; `incomplete` while the head has not ended; `wrong` when it is no HTTP, or too long. */
export type HeadFound = number | 'incomplete' | 'wrong';

/** Reads the head of one reply as it comes. What a piece costs is in proportion to the piece, not to what was before. */
export class HeadReader {
  #head = '';
  #pieces = 0;
  #hasLine = false;

  /** @param piece what has come now. @returns what is known after it. */
  read(piece: Buffer): HeadFound {
    this.#pieces += 1;
    const before = this.#head.length;
    const edge = this.#head.slice(-3);
    const more = piece.toString('latin1', 0, MOST_HEAD_BYTES - before + 1);
    this.#head += more;
    const isLooked = this.#isFirstLine(before, more) || END.test(edge + more) || this.#head.length > MOST_HEAD_BYTES;
    const found = isLooked ? readHead(this.#head) : 'incomplete';
    return found === 'incomplete' && this.#pieces >= MOST_PIECES ? 'wrong' : found;
  }

  /** Whether the piece says for the first time that this is HTTP at all, or ends the status line. */
  #isFirstLine(before: number, more: string): boolean {
    const isFirst = !this.#hasLine && more.includes('\n');
    this.#hasLine ||= isFirst;
    return isFirst || before < START.length;
  }
}

/** The status in the head of a reply (RFC 9112, section 4). Pure. @param head what has come so far. */
function readHead(head: string): HeadFound {
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

function firstStatus(text: string): HeadFound {
  if (!text.startsWith(START.slice(0, text.length))) return 'wrong';
  if (!text.includes('\n')) return 'incomplete';
  const status = STATUS_LINE.exec(text)?.[1];
  if (status === undefined) return 'wrong';
  return END.test(text) ? Number(status) : 'incomplete';
}
