import { INSTANCE_TYPES } from '../lab/world/model.ts';
import type { Expectation, Fault, InterfaceCase, Line, Pieces } from './model.ts';

/** EC2 User Guide, "Tag restrictions". */
const MOST_TAGS = 50;

type Report = (path: string, sentence: string) => void;

/** What cannot be, or cannot both be, although each piece by itself may. */
export function contradictionsIn(read: Pieces): readonly Fault[] {
  const faults: Fault[] = [];
  const report: Report = (path, sentence) => void faults.push({ path, sentence });
  for (const name of Object.keys(read.instances)) checkInstance(name, read, report);
  for (const [name, each] of Object.entries(read.interfaces)) checkInterface(name, each, read, report);
  checkAlarms(read, report);
  checkSweeps(read, report);
  read.timeline.forEach((line, nth) => line && checkLine(line, `timeline[${nth}]`, report));
  read.expect.forEach((each, nth) => each && checkExpectation(each, `expect[${nth}]`, read, report));
  checkExpectations(read.expect, report);
  return faults;
}

function checkInstance(name: string, { instances, interfaces }: Pieces, report: Report): void {
  const instance = instances[name];
  if (instance === undefined) return;
  const path = `instances.${name}`;
  const limits = INSTANCE_TYPES[instance.type];
  if (limits === undefined) report(`${path}.type`, `is '${instance.type}', which is no instance type that is known`);
  if (instance.tagless && Object.keys(instance.tags).length > 0)
    report(`${path}.tags`, 'cannot be there: it is tagless');
  const attached = Object.values(interfaces).filter(({ on }) => on === name);
  const total = attached.length + instance.interfaces;
  if (limits && total > limits.maximumInterfaces) {
    report(path, `would have ${total} interfaces; a ${instance.type} takes ${limits.maximumInterfaces}`);
  }
  const together = total + instance.volumes;
  if (limits?.sharedAttachments !== undefined && together > limits.sharedAttachments) {
    const takes = `a ${instance.type} takes ${limits.sharedAttachments}`;
    report(`${path}.volumes`, `would make ${together} attachments, interfaces included; ${takes}`);
  }
}

function checkInterface(name: string, given: InterfaceCase, { instances, interfaces }: Pieces, report: Report): void {
  const path = `interfaces.${name}`;
  const { on, index, card, zone, status, addresses, fillTags, tags, group } = given;
  const count = fillTags + Object.keys(tags).length + (group === null ? 0 : 1);
  if (count > MOST_TAGS) report(`${path}.fillTags`, `would make ${count} tags; a resource takes ${MOST_TAGS}`);
  if (on === null) {
    if (status !== undefined) report(`${path}.status`, `cannot be ${status}: it is attached to nothing`);
    if (given.deleteOnTermination) report(`${path}.deleteOnTermination`, 'cannot be set: it is attached to nothing');
    return;
  }
  const holder = instances[on];
  if (holder === undefined) return;
  if (zone !== undefined && zone !== holder.zone)
    report(`${path}.zone`, `is ${zone}, and ${on} is in zone ${holder.zone}`);
  if (index === 0 && card === 0) report(`${path}.index`, `is 0: that is the primary interface of ${on}`);
  const limits = INSTANCE_TYPES[holder.type];
  const room = limits?.cards[card];
  if (limits && room === undefined)
    report(`${path}.card`, `is ${card}; a ${holder.type} has ${limits.cards.length}, from 0`);
  if (room !== undefined && index >= room)
    report(`${path}.index`, `is ${index}; a ${holder.type} takes 0 to ${room - 1}`);
  if (limits && addresses > limits.addressesPerInterface) {
    report(`${path}.addresses`, `is ${addresses}; a ${holder.type} takes ${limits.addressesPerInterface}`);
  }
  const names = Object.keys(interfaces);
  const same = names.find((other) => {
    const each = interfaces[other];
    return names.indexOf(other) < names.indexOf(name) && each?.on === on && each.index === index && each.card === card;
  });
  if (same !== undefined) report(`${path}.index`, `is ${index}, where ${same} is attached to ${on}`);
}

function checkAlarms({ alarms }: Pieces, report: Report): void {
  const names = alarms.map((alarm) => alarm?.name);
  alarms.forEach((alarm, nth) => {
    if (alarm === undefined) return;
    const { name, metrics } = alarm;
    if (names.indexOf(name) < nth) report(`alarms[${nth}].name`, `is '${name}', as another alarm's is`);
    metrics.forEach(({ MetricStat, Expression }, at) => {
      const path = `alarms[${nth}].metrics[${at}]`;
      if (MetricStat === undefined && Expression === undefined) report(path, 'must have a MetricStat or an Expression');
      if (MetricStat !== undefined && Expression !== undefined)
        report(path, 'cannot have both MetricStat and Expression');
    });
    const returned = metrics.filter(({ ReturnData = true }) => ReturnData).length;
    if (returned !== 1) report(`alarms[${nth}].metrics`, `must have one metric with ReturnData, not ${returned}`);
  });
}

function checkSweeps({ sweeps, deployment }: Pieces, report: Report): void {
  const { sweepRate } = deployment;
  if (sweeps === undefined || sweepRate === undefined) return;
  report('sweeps', `cannot be given together with the parameter sweepRate '${sweepRate}'`);
}

function checkLine({ verb, given, atMs }: Line, path: string, report: Report): void {
  if (verb !== 'ec2') return;
  const { then, code, message, status, seconds, until } = given;
  const inside = `${path}.ec2`;
  if (then === 'refuse' && code === undefined) report(`${inside}.code`, "is required with 'then: refuse'");
  if (then === 'slow' && seconds === undefined) report(`${inside}.seconds`, "is required with 'then: slow'");
  for (const [field, value] of Object.entries({ code, message, status })) {
    if (then !== 'refuse' && value !== undefined) report(`${inside}.${field}`, `means nothing with 'then: ${then}'`);
  }
  if (then !== 'slow' && seconds !== undefined) report(`${inside}.seconds`, `means nothing with 'then: ${then}'`);
  if ((then === 'stuck' || then === 'revert') && !/^(Attach|Detach)NetworkInterface$/.test(given.action)) {
    report(`${inside}.then`, `cannot be ${then}: ${given.action} begins no transition`);
  }
  if (until !== undefined && until <= atMs) report(`${inside}.until`, 'is not after the moment of the line');
}

function checkExpectation(
  { expected, given }: Expectation,
  path: string,
  { interfaces }: Pieces,
  report: Report,
): void {
  if (expected !== 'stays' && expected !== 'never') return;
  for (const [name, instance] of Object.entries(given)) {
    const initial = interfaces[name];
    if (initial === undefined) continue;
    const isThere = initial.on !== null && (instance === 'any' || initial.on === instance);
    if (expected === 'never' && isThere) report(`${path}.never.${name}`, `begins on ${initial.on}`);
    if (expected === 'stays' && !isThere) report(`${path}.stays.${name}`, `does not begin on ${instance}`);
    if (expected === 'stays' && initial.status !== undefined) {
      report(`${path}.stays.${name}`, `begins ${initial.status}, and so cannot stay`);
    }
  }
}

/** Pairs of expectations about one interface that no history meets. */
function checkExpectations(expect: Pieces['expect'], report: Report): void {
  const places = expect.flatMap(placesOf);
  places.forEach((one, nth) => {
    const other = places.slice(0, nth).find((before) => before.name === one.name && clash(before, one));
    if (other) report(`expect[${one.nth}]`, `contradicts expect[${other.nth}] about ${one.name}`);
  });
}

interface Place {
  readonly nth: number;
  readonly expected: string;
  readonly name: string;
  readonly instance: string | null;
  readonly byMs: number | undefined;
}

function placesOf(each: Expectation | undefined, nth: number): readonly Place[] {
  if (each === undefined) return [];
  const { expected, given, byMs } = each;
  if (expected !== 'holder' && expected !== 'end' && expected !== 'never' && expected !== 'stays') return [];
  return Object.entries(given).map(([name, instance]) => ({ nth, expected, name, instance, byMs }));
}

function clash(one: Place, two: Place): boolean {
  const [first, second] = [one, two].toSorted((a, b) => ORDER.indexOf(a.expected) - ORDER.indexOf(b.expected));
  if (!first || !second) return false;
  const differ = !agree(first.instance, second.instance);
  if (first.expected === 'never') return second.expected !== 'never' && covers(first.instance, second.instance);
  if (first.expected === 'stays') return differ;
  return differ && first.expected === second.expected && first.byMs === second.byMs;
}

/** What says something of all moments comes first. */
const ORDER = ['never', 'stays', 'end', 'holder'];

function agree(one: string | null, two: string | null): boolean {
  return one === two || (one === 'any' && two !== null) || (two === 'any' && one !== null);
}

/** Whether never to be there excludes being there. */
function covers(never: string | null, there: string | null): boolean {
  return there !== null && (never === there || never === 'any');
}
