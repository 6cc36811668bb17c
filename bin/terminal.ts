import pc from 'picocolors';

/** Colors, or none: `style.red(text)`. */
export type Style = ReturnType<typeof pc.createColors>;

/** One of the two streams of a process. */
interface Channel {
  readonly style: Style;
  readonly isTty: boolean;
  /** Columns; 80 where nobody looks on. */
  readonly width: number;
  write(text: string): void;
}

/** Where results go, and where everything else goes: notes, questions, what is under way. */
export interface Terminal {
  readonly out: Channel;
  readonly err: Channel;
  /** Somebody can be asked. */
  readonly canAsk: boolean;
  /** Whoever reads the results has gone. */
  isGone(): boolean;
}

const NARROWEST = 40;
const WIDEST = 120;
const UNSEEN = 80;

/** What cannot be written any more ends quietly, and never in the middle of a move. */
export function openTerminal({ color }: { readonly color: boolean }): Terminal {
  let gone = false;
  const onError = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error;
    gone = true;
  };
  const channel = (stream: NodeJS.WriteStream): Channel => {
    stream.on('error', onError);
    const isTty = stream.isTTY;
    // picocolors knows NO_COLOR, and whether the standard output is a terminal; CI makes it forget the latter.
    const style = pc.createColors(color && isTty && pc.isColorSupported);
    const width = isTty ? Math.min(WIDEST, Math.max(NARROWEST, stream.columns)) : UNSEEN;
    return { style, isTty, width, write: (text) => void stream.write(text) };
  };
  return {
    out: channel(process.stdout),
    err: channel(process.stderr),
    canAsk: process.stdin.isTTY && process.stderr.isTTY,
    isGone: () => gone,
  };
}
