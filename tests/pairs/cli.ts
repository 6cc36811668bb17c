/** `npx tsx tests/pairs/cli.ts`: pairs of faults and incidents as case documents; what goes wrong is a case to be saved. */
import { stringify } from 'yaml';
import { command, count, runCommand, wholeNumber } from '../../build/command-line.ts';
import { PackageError } from '../../build/packaging.ts';
import { deployedTemplate } from '../../cases/deployment.ts';
import { play, type Place, type Played } from '../../cases/play.ts';
import { readCase } from '../../cases/read.ts';
import type { CallRecord } from '../../lab/world/hooks.ts';
import { drawPair, type Pair } from './draw.ts';

/** Nobody may hold an interface for so long at a stretch while a member is fit throughout. */
const LOOSE_MOST_S = 180;
/** In all of a case: three attaches a sweep, where EC2 answers each with an error of its own and nobody else is left. */
const MOST_CALLS = { AttachNetworkInterface: 120, DetachNetworkInterface: 20 };
const MOST_ATTACHES_A_MINUTE = 12;
const MINUTE_MS = 60_000;

interface Options {
  readonly seeds: number;
  readonly from: number;
}

/** What is wrong, and what a case file would expect instead. */
interface Finding {
  readonly sentence: string;
  readonly expectation?: object;
}

async function main({ seeds, from }: Options): Promise<void> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  let failed = 0;
  for (let seed = from; seed < from + seeds; seed += 1) {
    const pair = drawPair(seed);
    const findings = await findingsOf(pair);
    if (findings.length === 0) continue;
    failed += 1;
    const expect = [
      ...new Set(findings.flatMap(({ expectation }) => (expectation ? [JSON.stringify(expectation)] : []))),
    ];
    const document = { ...pair.document, expect: expect.map((each) => JSON.parse(each) as object) };
    console.log(findings.map(({ sentence }) => `# ${sentence}`).join('\n'));
    console.log(`${stringify(document, { flowCollectionPadding: true, collectionStyle: 'any' })}---`);
  }
  console.log(`# ${seeds} pairs, ${failed} with findings`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** Plays a pair and looks at it from outside: where the interfaces are, and what calls there were. */
async function findingsOf({ document, fit, fine }: Pair): Promise<readonly Finding[]> {
  const reading = readCase({ ...document, expect: [{ threw: 1_000 }] });
  if ('faults' in reading) throw new Error(`${document.name}: ${JSON.stringify(reading.faults)}`);
  const played = await play(reading.case, await deployedTemplate(reading.case.deployment), 1);
  const placed = fit.length === 0 ? [] : placesOf(played, { fit, fine }, reading.case.untilMs);
  return [...placed, ...callsOf(played), ...hurriesIn(played)];
}

function placesOf(
  { places, ids }: Played,
  { fit, fine }: Pick<Pair, 'fit' | 'fine'>,
  untilMs: number,
): readonly Finding[] {
  const fineIds = fine.map((name) => ids.get(name));
  return [...places].flatMap(([name, history]) => {
    const { attachment } = history.at(-1) ?? {};
    const rests = attachment?.status === 'attached' && fineIds.includes(attachment.instanceId);
    const looseS = longestLooseMs(history, untilMs) / 1_000;
    return [
      ...(rests
        ? []
        : [{ sentence: `${name} does not end on ${fit.join(' or ')}`, expectation: { end: { [name]: fit[0] } } }]),
      ...(looseS <= LOOSE_MOST_S
        ? []
        : [
            {
              sentence: `${name} is on nobody for ${Math.round(looseS)} s at a stretch, and ${fit.join(' and ')} could have had it`,
              expectation: { looseAtMost: `${LOOSE_MOST_S}s` },
            },
          ]),
    ];
  });
}

function longestLooseMs(history: readonly Place[], untilMs: number): number {
  const spans = history.map(({ fromMs, attachment }, nth) =>
    attachment ? 0 : (history[nth + 1]?.fromMs ?? untilMs) - fromMs,
  );
  return Math.max(0, ...spans);
}

function callsOf({ calls }: Played): readonly Finding[] {
  return Object.entries(MOST_CALLS).flatMap(([action, most]) => {
    const made = calls.filter((call) => call.action === action && call.input['DryRun'] !== true).length;
    return made <= most ? [] : [{ sentence: `${made} calls of ${action}`, expectation: { calls: { [action]: most } } }];
  });
}

/** No expectation of a case file says how many a minute. Those that AWS throttles wait for each other, and cost nobody. */
function hurriesIn({ calls }: Played): readonly Finding[] {
  const sentMs = (calls as readonly CallRecord[]).flatMap(({ action, input, outcome, sentMs: at }) =>
    action === 'AttachNetworkInterface' && input['DryRun'] !== true && outcome !== 'RequestLimitExceeded' ? [at] : [],
  );
  const most = Math.max(0, ...sentMs.map((at) => sentMs.filter((each) => at <= each && each < at + MINUTE_MS).length));
  return most <= MOST_ATTACHES_A_MINUTE ? [] : [{ sentence: `${most} attaches within a minute` }];
}

const program = command('pairs', 'Plays pairs of faults and incidents, and prints those that go wrong as case files.')
  .option('--seeds <number>', 'how many', count, 100)
  .option('--from <number>', 'the first one', wholeNumber, 1)
  .action(main);

void runCommand(program, [PackageError]);
