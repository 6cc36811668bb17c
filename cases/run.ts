import { deployedTemplate } from './deployment.ts';
import { callsOf, holdersOf, judge } from './judge.ts';
import { looseMs } from './loose.ts';
import type { Case } from './model.ts';
import { play } from './play.ts';
import type { Told } from './story.ts';

/** What came of one case, as `--json` prints it. */
export interface Result {
  readonly name: string;
  readonly pass: boolean;
  /** What was expected, and what was: a sentence each. */
  readonly failures: readonly string[];
  /** By interface: who has it at the end. */
  readonly holder: Readonly<Record<string, string | null>>;
  /** How long an interface was attached to nothing, all together. */
  readonly looseMs: number;
  readonly calls: Readonly<Record<string, number>>;
  /** What each request with a name returned. */
  readonly answers: Readonly<Record<string, unknown>>;
  readonly timeline: readonly Told[];
}

/** Plays a case against the product as it would be deployed, and judges it. @throws PackageError */
export async function runCase(given: Case, seed = 1): Promise<Result> {
  const played = await play(given, await deployedTemplate(given.deployment), seed);
  const failures = judge(given, played);
  return {
    name: given.name,
    pass: failures.length === 0,
    failures,
    holder: holdersOf(given, played),
    looseMs: looseMs(played.places, given.untilMs),
    calls: callsOf(played),
    answers: played.answers,
    timeline: played.timeline,
  };
}
