import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { PropertyType, ResourceProperties } from '@aws-cdk/service-spec-types';
import { parse, type ScalarTag, type CollectionTag } from 'yaml';

export interface CfnResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
}

export interface CfnTemplate {
  readonly Parameters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly Resources: Readonly<Record<string, CfnResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

const SHORT_FORMS = ['Base64', 'Cidr', 'FindInMap', 'GetAZs', 'If', 'ImportValue', 'Join', 'Select', 'Split', 'Sub'];
const CONDITION_FORMS = ['And', 'Equals', 'Not', 'Or'];

/** Reads a CloudFormation template in YAML, its short forms (`!Sub`) turned into the long ones. */
export function parseCfnYaml(text: string): CfnTemplate {
  return parse(text, { customTags: customTags() }) as CfnTemplate;
}

function customTags(): (ScalarTag | CollectionTag)[] {
  const functions = [...SHORT_FORMS, ...CONDITION_FORMS].map((name) => [`!${name}`, `Fn::${name}`] as const);
  const long = (key: string, value: unknown) => ({ [key]: value });
  const scalars = [...functions, ['!Ref', 'Ref'] as const, ['!Condition', 'Condition'] as const].map(
    ([tag, key]): ScalarTag => ({ tag, resolve: (text) => long(key, text) }),
  );
  const getAtt: ScalarTag = { tag: '!GetAtt', resolve: (text) => long('Fn::GetAtt', splitOnce(text)) };
  const sequences = functions.map(
    ([tag, key]): CollectionTag => ({ tag, collection: 'seq', resolve: (node) => long(key, plain(node)) }),
  );
  return [...scalars, getAtt, ...sequences];
}

/** A node inside a tagged one has been resolved already, but is still a node. */
const plain = (node: unknown): unknown => (node as { toJSON(): unknown }).toJSON();

const splitOnce = (text: string): string[] => [text.slice(0, text.indexOf('.')), text.slice(text.indexOf('.') + 1)];

/**
 * One sentence for each resource type, property or reference of a template that does not exist, each required
 * property that is missing and each value of the wrong shape, by the data of `@aws-cdk/aws-service-spec`.
 */
export function schemaFaults(template: CfnTemplate): readonly string[] {
  const types = Object.entries(template.Resources).flatMap(([id, resource]) => resourceFaults(id, resource));
  return [...types, ...referenceFaults(template)];
}

const spec = loadAwsServiceSpecSync();

function resourceFaults(id: string, { Type, Properties = {} }: CfnResource): readonly string[] {
  const [resource] = spec.lookup('resource', 'cloudFormationType', 'equals', Type);
  if (!resource) return [`${id}: there is no resource type ${Type}.`];
  return objectFaults(id, Properties, resource.properties);
}

function objectFaults(
  path: string,
  value: Readonly<Record<string, unknown>>,
  properties: ResourceProperties,
): readonly string[] {
  const missing = Object.entries(properties)
    .filter(([name, { required }]) => required === true && value[name] === undefined)
    .map(([name]) => `${path}: ${name} is required.`);
  const present = Object.entries(value).flatMap(([name, inner]) => {
    const property = properties[name];
    return property ? valueFaults(`${path}.${name}`, inner, property.type) : [`${path}: there is no property ${name}.`];
  });
  return [...missing, ...present];
}

function valueFaults(path: string, value: unknown, type: PropertyType): readonly string[] {
  if (isIntrinsic(value)) return intrinsicFaults(path, value, type);
  switch (type.type) {
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((item, i) => valueFaults(`${path}[${i}]`, item, type.element))
        : [`${path}: must be a list.`];
    case 'map':
      return isObject(value)
        ? Object.entries(value).flatMap(([key, item]) => valueFaults(`${path}.${key}`, item, type.element))
        : [`${path}: must be a map.`];
    case 'ref': {
      const definition = spec.get('typeDefinition', type.reference.$ref);
      return isObject(value) ? objectFaults(path, value, definition.properties) : [`${path}: must be an object.`];
    }
    case 'tag':
      return isObject(value) && Object.keys(value).toSorted().join() === 'Key,Value'
        ? []
        : [`${path}: must have Key and Value.`];
    case 'union': {
      const faults = type.types.map((each) => valueFaults(path, value, each));
      return faults.find((each) => each.length === 0) ?? faults[0] ?? [];
    }
    case 'json':
    case 'null':
      return [];
    case 'string':
    case 'number':
    case 'integer':
    case 'boolean':
    case 'date-time':
      return typeof value === 'object' ? [`${path}: must be a single value.`] : [];
  }
}

function intrinsicFaults(path: string, value: Readonly<Record<string, unknown>>, type: PropertyType) {
  const branches = value['Fn::If'];
  if (!Array.isArray(branches)) return [];
  return branches.slice(1).flatMap((branch: unknown) => valueFaults(path, branch, type));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isIntrinsic(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isObject(value)) return false;
  const [key, ...others] = Object.keys(value);
  return others.length === 0 && key !== undefined && (key === 'Ref' || key.startsWith('Fn::'));
}

function referenceFaults(template: CfnTemplate): readonly string[] {
  const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters ?? {})]);
  return [...references(template.Resources), ...references(template.Outputs ?? {}), ...dependencies(template)]
    .filter((id) => !id.startsWith('AWS::') && !known.has(id))
    .map((id) => `There is neither a resource nor a parameter ${id}.`);
}

/** The logical ids that a part of a template refers to with `Ref`, `Fn::GetAtt` or `Fn::Sub`. */
export function references(part: unknown): readonly string[] {
  if (Array.isArray(part)) return part.flatMap(references);
  if (!isObject(part)) return [];
  return Object.entries(part).flatMap(([key, value]) => {
    if (key === 'Ref') return [String(value)];
    if (key === 'Fn::GetAtt') return [Array.isArray(value) ? String(value[0]) : (String(value).split('.')[0] ?? '')];
    if (key === 'Fn::Sub') return substituted(value);
    return references(value);
  });
}

function substituted(value: unknown): readonly string[] {
  const [text, variables] = Array.isArray(value) ? (value as unknown[]) : [value, {}];
  const own = isObject(variables) ? Object.keys(variables) : [];
  const names = [...String(text).matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name = '']) => name.split('.')[0] ?? '');
  return [...names.filter((name) => !own.includes(name)), ...references(variables)];
}

const dependencies = ({ Resources }: CfnTemplate): readonly string[] =>
  Object.values(Resources).flatMap(({ DependsOn = [] }) => DependsOn);
