import { ACTIONS } from '../lab/actions/table.ts';
import { deploymentFaults } from './deployment.ts';
import { type Expectation, type Fault, groupsOf, type Line, type Pieces } from './model.ts';
import { offsetOf, placeholdersIn, textsIn } from './text.ts';

type Raw = Readonly<Record<string, unknown>>;
type Report = (path: string, sentence: string) => void;

/** Names that mean something of their own. */
const RESERVED = ['any', 'now'];
/** `groups[0].code`: what a path into an answer looks like. */
const ANSWER_PATH = /^[\w:-]+(?:\[\d+\]|\.[\w:-]+)*$/;

/** The names that a document gives, whatever is wrong with what they name. */
interface Names {
  readonly instances: readonly string[];
  readonly interfaces: readonly string[];
  readonly alarms: readonly string[];
  readonly requests: readonly string[];
}

/**
 * What is wrong between the pieces of a document: names nobody has, moments after the end.
 * @param read the pieces, as far as they could be read
 * @param raw the document itself, for the names of those that could not
 */
export function referenceFaults(read: Pieces, raw: Raw): readonly Fault[] {
  const faults: Fault[] = [];
  const report: Report = (path, sentence) => void faults.push({ path, sentence });
  const names = namesIn(read, raw);
  checkNames(names, report);
  checkPlaceholders(raw, names, report);
  for (const [name, { on }] of Object.entries(read.interfaces)) {
    if (on !== null) checkKnown(on, names.instances, 'instance', `interfaces.${name}.on`, report);
  }
  read.timeline.forEach((line, nth) => line && checkLine(line, `timeline[${nth}]`, names, read, report));
  read.expect.forEach((each, nth) => each && checkExpectation(each, `expect[${nth}]`, names, read, report));
  for (const sentence of deploymentFaults(read.deployment)) report('deployment', sentence);
  return faults;
}

function namesIn(read: Pieces, raw: Raw): Names {
  const keys = (value: unknown): readonly string[] =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const instances = keys(raw['instances']);
  const defaults = Object.entries(read.instances).flatMap(([name, each]) =>
    groupsOf(each).flatMap((group) => (each.alarm ? `eni-failover/${group}/\${${name}}` : [])),
  );
  const made = Object.keys(read.instances).map((name) => `eni-failover/member/\${${name}}`);
  return {
    instances,
    interfaces: keys(raw['interfaces']),
    alarms: [...defaults, ...made, ...read.alarms.flatMap((alarm) => alarm?.name ?? [])],
    requests: read.timeline.flatMap((line) => line?.as ?? []),
  };
}

function checkNames({ instances, interfaces, requests }: Names, report: Report): void {
  for (const [where, names] of [
    ['instances', instances],
    ['interfaces', interfaces],
  ] as const) {
    for (const name of names) {
      if (!/^[A-Za-z0-9][\w.-]*$/.test(name))
        report(`${where}.${name}`, 'must be named with letters, digits, _, . and -');
      if (RESERVED.includes(name))
        report(`${where}.${name}`, `cannot have the name '${name}', which means something else`);
    }
  }
  for (const name of interfaces)
    if (instances.includes(name)) report(`interfaces.${name}`, 'has the name of an instance');
  for (const name of new Set(requests.filter((each, nth) => requests.indexOf(each) !== nth))) {
    report('timeline', `has more than one request whose answer is called '${name}'`);
  }
}

function checkPlaceholders(raw: Raw, { instances, interfaces }: Names, report: Report): void {
  for (const [path, text] of textsIn(raw, '')) {
    for (const inner of placeholdersIn(text)) {
      const known = offsetOf(inner) !== undefined || instances.includes(inner) || interfaces.includes(inner);
      if (!known)
        report(path, `has \${${inner}}, which is neither an instance nor an interface nor a time such as \${now-5m}`);
    }
  }
}

function checkLine(line: Line, path: string, names: Names, { untilMs }: Pieces, report: Report): void {
  if (line.atMs > untilMs) report(`${path}.at`, 'is after the end of the case');
  const { verb, given } = line;
  const inside = `${path}.${verb}`;
  const instance = (name: string, field: string): void =>
    checkKnown(name, names.instances, 'instance', `${inside}.${field}`, report);
  const floating = (name: string, field: string): void =>
    checkKnown(name, names.interfaces, 'interface', `${inside}.${field}`, report);
  if (verb === 'ec2') {
    if (given.instance !== undefined) instance(given.instance, 'instance');
    if (given.interface !== undefined) floating(given.interface, 'interface');
    checkAction(given.action, `${inside}.action`, report);
  } else if (verb === 'alarm') checkKnown(given.name, names.alarms, 'alarm', `${inside}.name`, report);
  else if (verb === 'tag')
    checkKnown(given.resource, [...names.instances, ...names.interfaces], 'resource', `${inside}.resource`, report);
  else if (verb === 'verdict') floating(given.interface, 'interface');
  else if (verb === 'hand' && 'detach' in given) floating(given.detach, 'detach');
  else if (verb === 'hand' && 'attach' in given) {
    floating(given.attach, 'attach');
    instance(given.to, 'to');
  } else if (verb !== 'event' && verb !== 'invoke' && 'instance' in given) instance(given.instance, 'instance');
}

function checkExpectation(each: Expectation, path: string, names: Names, { untilMs }: Pieces, report: Report): void {
  const { expected, given } = each;
  const inside = `${path}.${expected}`;
  if (each.byMs !== undefined && each.byMs > untilMs) report(`${path}.by`, 'is after the end of the case');
  if (expected === 'holder' || expected === 'end' || expected === 'never' || expected === 'stays') {
    for (const [name, instance] of Object.entries(given)) {
      checkKnown(name, names.interfaces, 'interface', `${inside}.${name}`, report);
      const known = [...names.instances, 'any'];
      if (instance !== null) checkKnown(instance, known, 'instance', `${inside}.${name}`, report);
    }
  } else if (expected === 'calls')
    for (const action of Object.keys(given)) checkAction(action, `${inside}.${action}`, report);
  else if (expected === 'alarms') {
    for (const name of given) checkKnown(name, names.alarms, 'alarm', inside, report);
  } else if (expected === 'answer') {
    checkKnown(given.as, names.requests, 'answer', `${inside}.as`, report);
    const paths = Object.keys(given.where);
    if (paths.length === 0) report(`${inside}.where`, 'must have at least one path');
    for (const wrong of paths.filter((each) => !ANSWER_PATH.test(each)))
      report(`${inside}.where`, `has '${wrong}', which is no path such as groups[0].code`);
  }
}

function checkAction(action: string, path: string, report: Report): void {
  if (!Object.hasOwn(ACTIONS, action)) report(path, `is '${action}', which is no action that the lab knows`);
}

function checkKnown(name: string, known: readonly string[], kind: string, path: string, report: Report): void {
  if (!known.includes(name)) report(path, `is '${name}', and there is no ${kind} of that name`);
}
