import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type * as z from 'zod';
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
import type { Case, Expectation, Fault, Line } from './model.ts';
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
  const parsed = parseDocument(source, { prettyErrors: true });
  const problems = [...parsed.errors, ...parsed.warnings];
  if (problems.length === 0) return readCase(parsed.toJS());
  return { faults: problems.map(({ message }) => ({ path: '', sentence: firstLine(message) })) };
}

/** Reads a document. @returns the case, or every fault in it, with its path. */
export function readCase(document: unknown): Reading {
  const reader = new Reader();
  const top = reader.read(documentSchema, document, '');
  const raw: Raw = isObject(document) ? document : {};
  const read: Case = {
    name: top?.name ?? '',
    deployment: top?.deployment ?? {},
    sweeps: top?.sweeps,
    untilMs: top?.until ?? Number.POSITIVE_INFINITY,
    instances: reader.named(instanceSchema, raw['instances'], 'instances'),
    interfaces: reader.named(interfaceSchema, raw['interfaces'], 'interfaces'),
    alarms: listOf(raw['alarms']).flatMap((each, nth) => reader.read(alarmSchema, each, `alarms[${nth}]`) ?? []),
    timeline: listOf(raw['timeline']).flatMap((each, nth) => reader.line(each, `timeline[${nth}]`) ?? []),
    expect: listOf(raw['expect']).flatMap((each, nth) => reader.expectation(each, `expect[${nth}]`) ?? []),
  };
  const faults = [...reader.faults, ...referenceFaults(read, raw)];
  return faults.length > 0 ? { faults } : { case: read };
}

type Raw = Readonly<Record<string, unknown>>;

/** Reads piece by piece and collects what is wrong with each. */
class Reader {
  readonly faults: Fault[] = [];

  read<Schema extends z.ZodType>(schema: Schema, given: unknown, path: string): z.output<Schema> | undefined {
    const result = schema.safeParse(given);
    if (result.success) return result.data;
    for (const issue of result.error.issues) this.#note(issue, path);
    return undefined;
  }

  named<Schema extends z.ZodType>(schema: Schema, given: unknown, path: string): Record<string, z.output<Schema>> {
    const entries = isObject(given) ? Object.entries(given) : [];
    return Object.fromEntries(
      entries.flatMap(([name, each]) => {
        // `a:` with nothing behind it: an instance of which everything is as usual.
        const read = this.read(schema, each ?? {}, `${path}.${name}`);
        return read === undefined ? [] : [[name, read] as const];
      }),
    );
  }

  /** @returns nothing when it is not a line. */
  line(given: unknown, path: string): Line | undefined {
    const chosen = this.#choose(given, path, VERBS, ['at', 'as']);
    const { at, as } = isObject(given) ? given : {};
    const atMs = isObject(given) ? this.read(atSchema, at, `${path}.at`) : undefined;
    const label = as === undefined ? {} : { as: this.read(asSchema, as, `${path}.as`) };
    if (as !== undefined && chosen && chosen.name !== 'invoke')
      this.#fault(`${path}.as`, 'only a request has an answer');
    if (chosen === undefined || atMs === undefined) return undefined;
    return { verb: chosen.name, given: chosen.data, atMs, ...label } as Line;
  }

  /** @returns nothing when it is not an expectation. */
  expectation(given: unknown, path: string): Expectation | undefined {
    const chosen = this.#choose(given, path, EXPECTATIONS, ['by']);
    const by = isObject(given) ? given['by'] : undefined;
    const isTimed = chosen?.name === 'holder';
    const byMs = isTimed || by !== undefined ? this.read(atSchema, by, `${path}.by`) : undefined;
    if (by !== undefined && chosen && !isTimed) this.#fault(`${path}.by`, "only 'holder' has a moment");
    if (chosen === undefined || (isTimed && byMs === undefined)) return undefined;
    return { expected: chosen.name, given: chosen.data, ...(byMs !== undefined && { byMs }) } as Expectation;
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
      data: this.read(schemas[name] as z.ZodType, given[name], `${path}.${name}`),
    }));
    const [chosen] = read;
    return read.length === 1 && chosen?.data !== undefined ? chosen : undefined;
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
