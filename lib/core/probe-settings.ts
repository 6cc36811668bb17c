import { readTarget } from '../probe/target.ts';
import { ACTS, type ProbeActs } from '../probe/verdict.ts';
import type { InterfaceView } from './model.ts';
import { differing, valuesOf, wholeNumberIn } from './settings.ts';

const SERVICE_AFTER = { min: 0, max: 600, default: 10 };

/** What the tags of a group ask the probe for. */
export interface ProbeSettings {
  /** What each interface is asked, by its id, as in its tag; none for one with a malformed tag. */
  readonly targets: ReadonlyMap<string, string>;
  readonly acts: ProbeActs;
  /** How long it must have answered wrongly, or not have served, before that counts. */
  readonly serviceAfterSeconds: number;
  /** One sentence for each interface whose `probe` tag cannot be read, by its id. */
  readonly malformed: ReadonlyMap<string, string>;
  /** One sentence for each of the other tags that is malformed, or not the same on every interface. */
  readonly faults: readonly string[];
}

/** Keys of the tags about the probe, behind the prefix. */
export const PROBE_TAGS: readonly string[] = ['probe', 'probe-acts', 'probe-service-after'];

/**
 * Reads them. What is asked is each interface's own; the other two are wanted alike on all, and the safer counts. A
 * malformed target leaves its interface without a probe, and everything else as it is.
 */
export function probeSettings(interfaces: readonly InterfaceView[], tagPrefix: string): ProbeSettings {
  const targets = new Map<string, string>();
  const malformed = new Map<string, string>();
  for (const { id, tags } of interfaces) {
    const text = tags[`${tagPrefix}probe`];
    const reading = text === undefined ? undefined : readTarget(`Tag ${tagPrefix}probe of ${id}`, text);
    if (text !== undefined && reading?.ok) targets.set(id, text);
    if (reading?.ok === false) malformed.set(id, `${reading.faults.join(' ')} It is looked after without a probe.`);
  }
  const acts = wanted(interfaces, `${tagPrefix}probe-acts`, readActs, (values) => {
    return ACTS.find((each) => values.includes(each)) ?? 'failover';
  });
  const after = wanted(interfaces, `${tagPrefix}probe-service-after`, readSeconds, (values) => {
    return values.length > 0 ? Math.max(...values) : SERVICE_AFTER.default;
  });
  const faults = [...acts.faults, ...after.faults];
  return { targets, malformed, acts: acts.value, serviceAfterSeconds: after.value, faults };
}

const readActs = (text: string): ProbeActs | undefined => ACTS.find((each) => each === text);

const readSeconds = (text: string): number | undefined => wholeNumberIn(text, SERVICE_AFTER.min, SERVICE_AFTER.max);

const WANTED: Readonly<Record<string, string>> = {
  'probe-acts': 'must be failover, unreachable-only or report',
  'probe-service-after': `must be a whole number from ${SERVICE_AFTER.min} to ${SERVICE_AFTER.max}`,
};

/** One setting of the group. @param safest of the values that could be read; of none, the default. */
function wanted<Value extends string | number>(
  interfaces: readonly InterfaceView[],
  key: string,
  read: (text: string) => Value | undefined,
  safest: (values: readonly Value[]) => Value,
): { readonly value: Value; readonly faults: readonly string[] } {
  const { texts, differ } = valuesOf(interfaces, key);
  const values = texts.flatMap((text) => read(text) ?? []);
  const value = safest(values);
  const name = Object.keys(WANTED).find((each) => key.endsWith(each)) ?? '';
  const odd = texts.filter((text) => read(text) === undefined);
  return {
    value,
    faults: [
      ...odd.map((text) => `Tag ${key} ${WANTED[name]}, not '${text}'. ${value} is used.`),
      ...(differ && values.length > 0 ? [differing(key, value)] : []),
    ],
  };
}
