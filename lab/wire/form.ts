import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../actions/errors.ts';

type Form = Map<string, string>;

/** How a protocol writes lists: `Filter.1` (EC2), or `Dimensions.member.1` and `Dimensions=` for an empty one (Query). */
export type Lists = 'flat' | 'member';

/** Reads a form body by the schema of its operation's input; a key that no member accounts for is an error. */
export function decodeForm(schema: NormalizedSchema, form: Form, lists: Lists): Record<string, unknown> {
  const left = new Map(form);
  const input = schema.isStructSchema() ? readStruct(schema, left, '', lists) : {};
  const [stray] = left.keys();
  if (stray !== undefined) throw new AwsError('UnknownParameter', `The parameter ${stray} is not recognized`);
  return input;
}

/** A member's name in EC2's form bodies. */
function wireName(member: NormalizedSchema): string {
  const { ec2QueryName, xmlName } = member.getMergedTraits();
  const name = xmlName ?? member.getMemberName();
  return typeof ec2QueryName === 'string' ? ec2QueryName : name.charAt(0).toUpperCase() + name.slice(1);
}

function readStruct(schema: NormalizedSchema, form: Form, prefix: string, lists: Lists): Record<string, unknown> {
  const struct: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const key = prefix + wireName(member);
    if (mentions(form, key)) struct[name] = readValue(member, form, key, lists);
  }
  return struct;
}

function readValue(schema: NormalizedSchema, form: Form, key: string, lists: Lists): unknown {
  if (schema.isStructSchema()) return readStruct(schema, form, `${key}.`, lists);
  if (schema.isListSchema()) return readList(schema.getValueSchema(), form, key, lists);
  const text = form.get(key);
  form.delete(key);
  return text === undefined ? undefined : readScalar(schema, text, key);
}

function readList(schema: NormalizedSchema, form: Form, key: string, lists: Lists): unknown[] {
  const items: unknown[] = [];
  if (lists === 'member' && form.get(key) === '') form.delete(key);
  for (;;) {
    const item = `${key}${lists === 'member' ? '.member' : ''}.${items.length + 1}`;
    if (!mentions(form, item)) return items;
    items.push(readValue(schema, form, item, lists));
  }
}

function readScalar(schema: NormalizedSchema, text: string, key: string): unknown {
  if (schema.isTimestampSchema()) return new Date(text);
  const number = Number(text);
  if (schema.isNumericSchema() && text !== '' && !Number.isNaN(number)) return number;
  if (schema.isBooleanSchema() && (text === 'true' || text === 'false')) return text === 'true';
  if (schema.isStringSchema()) return text;
  throw new AwsError('InvalidParameterValue', `Value (${text}) for parameter ${key} is invalid.`);
}

function mentions(form: Form, key: string): boolean {
  return form.has(key) || [...form.keys()].some((candidate) => candidate.startsWith(`${key}.`));
}
