import { askPerson } from './ask.ts';
import { interruption, makeChange } from './changes.ts';
import { EXIT } from './exit.ts';
import { troubleOf, type Way } from './mend.ts';
import { type Asked, UsageError } from './program.ts';
import { answerQuestion, watch } from './questions.ts';
import { openReach } from './reach.ts';
import type { Session, Underway } from './session.ts';
import { functionOf } from './settings.ts';
import type { Terminal } from './terminal.ts';
import { VERBS } from './verbs.ts';

/** Opens the way, does what was asked, and says what went wrong if something did. @returns the exit status. */
export async function runVerb(asked: Asked, terminal: Terminal): Promise<number> {
  const { options, verb } = asked;
  const signals = listenForCtrlC(terminal);
  try {
    const reach = await openReach(options);
    if (!reach.isSure || verb.manner !== 'question') terminal.err.write(`${terminal.err.style.dim(reach.source)}\n`);
    const session: Session = { asked, reach, terminal, askPerson, begin: signals.begin };
    if (verb.manner !== 'question') {
      const status = await makeChange(session);
      signals.end();
      if (!options.watch) return status;
    }
    if (!options.watch) return await answerQuestion(session);
    signals.watch();
    return await watch(asQuestion(session));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return tellTrouble(error, asked, terminal);
  }
}

/** After a change, `--watch` goes on looking at the group. */
function asQuestion(session: Session): Session {
  const { asked } = session;
  const status = VERBS.find(({ action }) => action === 'status');
  if (asked.verb.manner === 'question' || !status) return session;
  return { ...session, asked: { ...asked, verb: status, fields: {} } };
}

function tellTrouble(error: unknown, { options }: Asked, { err }: Terminal): number {
  const way: Way = {
    viaLambda: options.viaLambda ?? false,
    functionName: functionOf(options),
    region: options.region,
    profile: options.profile,
    endpointUrl: options.endpointUrl,
  };
  const trouble = troubleOf(error, way);
  if (!trouble) throw error;
  err.write(`${err.style.red('error:')} ${trouble.cause}\n${trouble.mend === '' ? '' : `${trouble.mend}\n`}`);
  return EXIT.failed;
}

/** Ctrl-C ends everything at once; in the middle of a move it says first what is left. */
function listenForCtrlC({ err }: Terminal) {
  let move: Underway | undefined;
  let isWatching = false;
  process.on('SIGINT', () => {
    if (isWatching) process.exit(EXIT.done);
    if (move) {
      move.live.stop();
      err.write(`${interruption(move.live.progress(), move, err.width)}\n`);
    }
    process.exit(EXIT.interrupted);
  });
  return {
    begin: (begun: Underway) => (move = begun),
    end: () => (move = undefined),
    watch: () => (isWatching = true),
  };
}
