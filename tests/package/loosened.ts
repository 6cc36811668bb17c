import type { Statement } from '../../lab/package/template.ts';

/** Each way to make one statement looser: a condition less, or all resources. */
export function loosened(each: Statement): [what: string, looser: Statement][] {
  const { Condition = {}, ...rest } = each;
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.keys(keys).map((key): [string, Statement] => {
      const { [key]: _, ...others } = keys;
      return [`without ${operator} ${key}`, { ...rest, Condition: { ...Condition, [operator]: others } }];
    }),
  );
  if (each.Effect === 'Deny') return [['not at all', { ...each, Action: [] }]];
  return [...conditions, ['on every resource', { ...each, Resource: '*' }]];
}
