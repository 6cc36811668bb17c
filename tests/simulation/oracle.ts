import type { CallRecord } from '../../lab/world/hooks.ts';
import type { BusEvent } from '../../lab/world/model.ts';
import { Attachments } from './attachments.ts';
import { STATE } from './build.ts';
import type { Invocation } from './lambda.ts';
import { oddIdAt } from './odd-replies.ts';
import { ledgerFaults } from './ledger-tags.ts';
import { COMMON_RULES } from './rules/any.ts';
import { ATTACH_RULES } from './rules/attach.ts';
import { DETACH_RULES } from './rules/detach.ts';
import { LEDGER_RULES } from './rules/ledger.ts';
import { People } from './rules/people.ts';
import { judgeResults } from './rules/results.ts';
import { type Act, openOperation, type Rule, type Taken, writtenTags } from './rules/rule.ts';
import { isTakenFromARunningOne, TRUTHS } from './rules/truth.ts';
import type { Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';
import { Press } from './press.ts';
import { lacksRoom } from './truth.ts';
import { View } from './view.ts';

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  AttachNetworkInterface: ATTACH_RULES,
  DetachNetworkInterface: DETACH_RULES,
  CreateTags: LEDGER_RULES,
};

/** What the product may say when it throws; anything else is a defect. */
const KNOWN_ERRORS: readonly string[] = [
  'InvalidRequest',
  'UnsupportedEvent',
  'OperationFailed',
  'OperationInterrupted',
  'AwsCallFailed',
];

/**
 * Judges every call when it arrives, by the world's own truth and by what the sender's reads could have shown it. It
 * shares nothing with the product but the words.
 */
export class Oracle {
  readonly #stage: Stage;
  readonly #attachments: Attachments;
  readonly #groupOf: ReadonlyMap<string, string>;
  readonly #people: People;
  readonly #press: Press;
  /** By group. */
  readonly #taken = new Map<string, Taken[]>();
  readonly #onViolation: (what: string) => void;
  /** When EC2 gave notice about an instance. */
  readonly #warned = new Map<string, readonly number[]>();

  constructor(stage: Stage, onViolation: (what: string) => void) {
    this.#stage = stage;
    this.#onViolation = onViolation;
    this.#attachments = new Attachments(stage.world);
    const pairs = stage.cast.groups.flatMap(({ name, interfaces }) => interfaces.map((id) => [id, name] as const));
    this.#groupOf = new Map(pairs);
    this.#people = new People(stage, (id) => this.#warned.get(id) ?? []);
    this.#press = new Press(stage, (call) => this.#groupIn(call));
    stage.world.onEvent((event) => this.#noteWarning(event));
    stage.world.onCall((record) => this.#judge(record));
  }

  /** Whether the product asked for the end of an attachment. */
  wasEndedByUs(attachmentId: string): boolean {
    return this.#attachments.wasEndedByUs(attachmentId);
  }

  noteStart(invocation: Invocation): void {
    this.#people.noteStart(invocation);
  }

  /** How an invocation ended. */
  judgeEnd(invocation: Invocation): void {
    const { id, outcome } = invocation;
    for (const wrong of [
      ...this.#people.judgeEnd(invocation),
      ...this.#press.judgeEnd(invocation),
      ...judgeResults(this.#stage, invocation),
    ]) {
      this.#onViolation(`${id} ${wrong}`);
    }
    if (outcome?.kind === 'threw') {
      const { name = '' } = outcome.error as { readonly name?: string };
      if (!KNOWN_ERRORS.includes(name)) this.#onViolation(`${id} threw ${stackOf(outcome.error)}`);
    }
    if (outcome?.kind !== 'returned') return;
    const defect = outcome.result.groups.find(({ code }) => code === 'internal-error');
    if (defect) this.#onViolation(`${id} met a defect of its own: ${defect.reason}`);
    const silent = outcome.result.groups.find(({ code, reason }) => code === undefined || reason.length < 10);
    if (silent) this.#onViolation(`${id} does not say why it did what it did to ${silent.group}`);
  }

  #judge(call: CallRecord): void {
    if (call.action.startsWith('Describe') || call.action.startsWith('List')) return;
    // A dry run changes nothing.
    if (call.input['DryRun'] === true) return;
    const invocation = this.#stage.lambda.senderOf(call);
    if (!invocation) return this.#onViolation(`nobody sent ${call.action}`);
    const group = this.#groupIn(call);
    if (group === undefined) return this.#onViolation(`${call.action} touches what belongs to no group`);
    // A dry run changes nothing, wherever it is aimed.
    if (call.input['DryRun'] === true) return;
    const act = this.#actOf(call, invocation, group);
    for (const rule of [...COMMON_RULES, ...(RULES[call.action] ?? []), ...(TRUTHS[call.action] ?? [])]) {
      const wrong = rule(act);
      if (wrong !== undefined) this.#onViolation(`${invocation.id} ${call.action} of ${group}: ${wrong}`);
    }
    if (call.outcome === 'ok') this.#remember(act, group);
  }

  #actOf(call: CallRecord, invocation: Invocation, group: string): Act {
    const { world, scenario, hands, cast, features } = this.#stage;
    return {
      world,
      call,
      invocation,
      view: new View(world, invocation, group, call.sentMs, {
        strays: cast.strays,
        subject: this.#subject(call),
        isOdd: (id, atMs) => id === oddIdAt(scenario, cast, atMs - world.startedMs),
      }),
      attachments: this.#attachments,
      settings: scenario.settings,
      muted: hands.muted,
      warned: this.#warned,
      garbled: hands.garbled,
      features,
      deniedAttaches: (atMs) => deniesAttaches(scenario, atMs - world.startedMs),
      groups: cast.groups.length,
      skewMs: scenario.skewMs,
      taken: this.#taken.get(group) ?? [],
      acknowledgedMs: this.#people.acknowledgedMs(group),
    };
  }

  #remember(act: Act, group: string): void {
    const { call } = act;
    if (call.action === 'CreateTags') this.#decode(call);
    if (call.action !== 'DetachNetworkInterface' || !isTakenFromARunningOne(act)) return;
    const taken = { atMs: call.atMs, operation: openOperation(act) };
    this.#taken.set(group, [...(this.#taken.get(group) ?? []), taken]);
  }

  #groupIn(call: CallRecord): string | undefined {
    const subject = this.#subject(call);
    return this.#groupOf.get(subject) ?? this.#stage.cast.strays.get(subject);
  }

  #noteWarning({ 'detail-type': detailType, detail }: BusEvent): void {
    if (!detailType.startsWith('EC2 Spot')) return;
    const id = (detail as { readonly 'instance-id': string })['instance-id'];
    this.#warned.set(id, [...(this.#warned.get(id) ?? []), this.#stage.world.clock.now()]);
  }

  /** Whatever is written can be read again; what people garbled and this call left alone is theirs. */
  #decode(call: CallRecord): void {
    const { world, hands } = this.#stage;
    const written = writtenTags(call);
    for (const id of (call.input['Resources'] ?? []) as readonly string[]) {
      const theirs = (fault: string): boolean => {
        const key = fault.split('=')[0] ?? '';
        return !written.has(key) && hands.garbled.has(`${id} ${STATE}${key}`);
      };
      const faults = ledgerFaults(world.interface(id)?.tags ?? {}).filter((fault) => !theirs(fault));
      const found = world.interface(id);
      const hasRoom = found !== undefined && !lacksRoom(found);
      if (faults.length > 0 && hasRoom) this.#onViolation(`the ledger of ${id} cannot be read: ${faults.join('; ')}`);
    }
  }

  #subject({ input }: CallRecord): string {
    const { NetworkInterfaceId, AttachmentId, Resources } = input as Record<string, string | string[] | undefined>;
    if (Array.isArray(Resources)) return Resources[0] ?? '';
    if (typeof NetworkInterfaceId === 'string') return NetworkInterfaceId;
    return this.#attachments.byId(AttachmentId as string)?.interfaceId ?? '';
  }
}

function deniesAttaches({ injections, phaseOneMs }: Scenario, sinceMs: number): boolean {
  if (sinceMs >= phaseOneMs) return false;
  return injections.some(
    ({ action, member, fault }) => action === 'AttachNetworkInterface' && fault.kind === 'deny' && member === undefined,
  );
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
