import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type * as z from 'zod';
import { contradictionsIn } from './contradictions.ts';
import {
  alarmSchema,
  asSchema,
  atSchema,
  documentSchema,
  EXPECTATIONS,
  instanceSchema,
  interfaceSchema,
  VERBS,
} from './format.ts';
import type { Case, Expectation, Fault, Line, Pieces } from './model.ts';
import { referenceFaults } from './references.ts';

export type Reading = { readonly case: Case } | { readonly faults: readonly Fault[] };

/** Reads a case file, YAML or JSON. @returns the case, or everything that is wrong with the file. */
export function readCaseFile(file: string): Reading {
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch (error) {
    return { faults: [{ path: '', sentence: `cannot be read: ${(error as Error).message}` }] };
  }
  const parsed = parseDocument(withQuotedPaths(source), { prettyErrors: true });
  const problems = [...parsed.errors, ...parsed.warnings];
  if (problems.length === 0) return readCase(parsed.toJS());
  return { faults: problems.map(({ message }) => ({ path: '', sentence: firstLine(message) })) };
}

/** `{ groups[0].code: failover }` is what a person writes, and YAML wants such a key in quotes. */
function withQuotedPaths(source: string): string {
  return source.replace(/([{,]\s*)(\w[\w.-]*\[\d+\][\w.[\]-]*)(\s*:)/g, '$1"$2"$3');
}

/** Reads a document. @returns the case, or every fault in it, with its path. */
export function readCase(document: unknown): Reading {
  const reader = new Reader();
  const top = reader.read(documentSchema, document, '', MINIMAL).data;
  const raw = isObject(document) ? document : {};
  const head: Pick<Pieces, 'name' | 'deployment' | 'sweeps' | 'upkeep' | 'placementGroups' | 'untilMs'> = {
    name: top?.name ?? '',
    deployment: top?.deployment ?? {},
    sweeps: top?.sweeps,
    upkeep: top?.upkeep ?? false,
    placementGroups: top?.placementGroups ?? {},
    untilMs: top?.until ?? Number.POSITIVE_INFINITY,
  };
  const instances = reader.named(instanceSchema, raw['instances'], 'instances');
  const interfaces = reader.named(interfaceSchema, raw['interfaces'], 'interfaces');
  const alarms = listOf(raw['alarms']).map((each, nth) => reader.read(alarmSchema, each, `alarms[${nth}]`));
  const timeline = listOf(raw['timeline']).map((each, nth) => reader.line(each, `timeline[${nth}]`));
  const expect = listOf(raw['expect']).map((each, nth) => reader.expectation(each, `expect[${nth}]`));
  const pieces = (pick: <T>(piece: Piece<T>) => T | undefined): Pieces => ({
    ...head,
    instances: present(Object.entries(instances).map(([name, each]) => [name, pick(each)])),
    interfaces: present(Object.entries(interfaces).map(([name, each]) => [name, pick(each)])),
    alarms: alarms.map(pick),
    timeline: timeline.map(pick),
    expect: expect.map(pick),
  });
  const whole = pieces(({ data, isWhole }) => (isWhole ? data : undefined));
  const faults = [
    ...reader.faults,
    ...referenceFaults(
      pieces(({ data }) => data),
      raw,
    ),
    ...contradictionsIn(whole),
  ];
  return faults.length > 0 ? { faults } : { case: whole as Case };
}

/** What could be read. When something is wrong with it, the rest of it is still good for seeing further faults. */
interface Piece<T> {
  readonly data?: T | undefined;
  /** Nothing was left out of it but fields that nobody knows. */
  readonly isWhole: boolean;
}

const NOTHING = { isWhole: false } as const;
const MINIMAL = { name: 'unnamed', instances: {}, interfaces: {}, expect: [{}] };

/** Reads piece by piece and collects what is wrong with each. */
class Reader {
  readonly faults: Fault[] = [];

  /** @param minimal what takes the place of fields that are faulty, where they must not be missing */
  read<Schema extends z.ZodType>(
    schema: Schema,
    given: unknown,
    path: string,
    minimal: object = {},
  ): Piece<z.output<Schema>> {
    const result = schema.safeParse(given);
    if (result.success) return { data: result.data, isWhole: true };
    for (const issue of result.error.issues) this.#note(issue, path);
    const { issues } = result.error;
    const rest = { ...minimal, ...withoutFaulty(given, issues) };
    const isWhole = issues.every(({ code, path: at }) => code === 'unrecognized_keys' && at.length === 0);
    return { data: schema.safeParse(rest).data, isWhole };
  }

  named<Schema extends z.ZodType>(
    schema: Schema,
    given: unknown,
    path: string,
  ): Readonly<Record<string, Piece<z.output<Schema>>>> {
    const entries = isObject(given) ? Object.entries(given) : [];
    // `a:` with nothing behind it: an instance of which everything is as usual.
    return Object.fromEntries(entries.map(([name, each]) => [name, this.read(schema, each ?? {}, `${path}.${name}`)]));
  }

  line(given: unknown, path: string): Piece<Line> {
    const chosen = this.#choose(given, path, VERBS, ['at', 'as']);
    if (!isObject(given)) return NOTHING;
    const { at, as } = given;
    const moment = this.read(atSchema, at, `${path}.at`);
    const label = as === undefined ? undefined : this.read(asSchema, as, `${path}.as`);
    if (as !== undefined && chosen && chosen.name !== 'invoke' && chosen.name !== 'upkeep')
      this.#fault(`${path}.as`, 'only a request has an answer');
    if (chosen?.data === undefined) return NOTHING;
    const data = { verb: chosen.name, given: chosen.data, atMs: moment.data ?? 0, ...(label && { as: label.data }) };
    return { data: data as Line, isWhole: chosen.isWhole && moment.isWhole && label?.isWhole !== false };
  }

  expectation(given: unknown, path: string): Piece<Expectation> {
    const chosen = this.#choose(given, path, EXPECTATIONS, ['by']);
    const by = isObject(given) ? given['by'] : undefined;
    const isTimed = chosen?.name === 'holder';
    const moment = isTimed || by !== undefined ? this.read(atSchema, by, `${path}.by`) : undefined;
    if (by !== undefined && chosen && !isTimed) this.#fault(`${path}.by`, "only 'holder' has a moment");
    if (chosen?.data === undefined) return NOTHING;
    const data = { expected: chosen.name, given: chosen.data, ...(moment && { byMs: moment.data }) };
    return { data: data as Expectation, isWhole: chosen.isWhole && moment?.isWhole !== false };
  }

  /** Reads the one field that says what this is about, beside the fields that any may have. */
  #choose(given: unknown, path: string, schemas: Readonly<Record<string, z.ZodType>>, beside: readonly string[]) {
    if (!isObject(given)) return this.#fault(path, 'must be an object');
    const names = Object.keys(given).filter((name) => !beside.includes(name));
    const known = names.filter((name) => Object.hasOwn(schemas, name));
    const choices = Object.keys(schemas).join(', ');
    for (const name of names) {
      if (!known.includes(name)) this.#fault(`${path}.${name}`, `is not a known field: one of ${choices} is`);
    }
    if (known.length > 1) this.#fault(path, `must have one of ${known.join(' and ')}, not all of them`);
    if (names.length === 0) this.#fault(path, `must have one of ${choices}`);
    const read = known.map((name) => ({
      name,
      ...this.read(schemas[name] as z.ZodType, given[name], `${path}.${name}`),
    }));
    return read.length === 1 ? read[0] : undefined;
  }

  #fault(path: string, sentence: string): undefined {
    this.faults.push({ path, sentence });
  }

  #note(issue: z.core.$ZodIssue, base: string): void {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) this.#fault(pathOf([...issue.path, key], base), 'is not a known field');
    } else this.#fault(pathOf(issue.path, base), issue.message);
  }
}

/** An object without the fields that something is wrong with. */
function withoutFaulty(given: unknown, issues: readonly z.core.$ZodIssue[]): object {
  if (!isObject(given)) return {};
  const faulty = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : [issue.path[0]]));
  return Object.fromEntries(Object.entries(given).filter(([key]) => !faulty.includes(key)));
}

function present<T>(entries: readonly (readonly [string, T | undefined])[]): Record<string, T> {
  return Object.fromEntries(entries.filter((entry): entry is [string, T] => entry[1] !== undefined));
}

function pathOf(path: readonly PropertyKey[], base: string): string {
  return path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`;
    return before === '' ? String(key) : `${before}.${String(key)}`;
  }, base);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function firstLine(message: string): string {
  return message.split('\n')[0]?.replace(/:$/, '') ?? '';
}
