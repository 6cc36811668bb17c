import type { CallRecord } from '../../lab/world/hooks.ts';
import type { BusEvent } from '../../lab/world/model.ts';
import { Attachments } from './attachments.ts';
import { STATE } from './build.ts';
import type { Invocation } from './lambda.ts';
import { ledgerFaults } from './ledger-tags.ts';
import { COMMON_RULES } from './rules/any.ts';
import { ATTACH_RULES } from './rules/attach.ts';
import { DETACH_RULES } from './rules/detach.ts';
import { LEDGER_RULES } from './rules/ledger.ts';
import { type Rule, writtenTags } from './rules/rule.ts';
import type { Stage } from './stage.ts';
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
  readonly #onViolation: (what: string) => void;
  /** When EC2 gave notice about an instance. */
  readonly #warned = new Map<string, readonly number[]>();

  constructor(stage: Stage, onViolation: (what: string) => void) {
    this.#stage = stage;
    this.#onViolation = onViolation;
    this.#attachments = new Attachments(stage.world);
    const pairs = stage.cast.groups.flatMap(({ name, interfaces }) => interfaces.map((id) => [id, name] as const));
    this.#groupOf = new Map(pairs);
    stage.world.onEvent((event) => this.#noteWarning(event));
    stage.world.onCall((record) => this.#judge(record));
  }

  /** How an invocation ended. */
  judgeEnd({ id, outcome }: Invocation): void {
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
    const group = this.#groupOf.get(this.#subject(call));
    if (group === undefined) return this.#onViolation(`${call.action} touches what belongs to no group`);
    const { world, scenario, hands } = this.#stage;
    const act = {
      world,
      call,
      invocation,
      view: new View(world, invocation, group, call.sentMs),
      attachments: this.#attachments,
      settings: scenario.settings,
      muted: hands.muted,
      warned: this.#warned,
      garbled: hands.garbled,
      unlistedTypes: scenario.faults.unlistedTypes > 0,
    };
    for (const rule of [...COMMON_RULES, ...(RULES[call.action] ?? [])]) {
      const wrong = rule(act);
      if (wrong !== undefined) this.#onViolation(`${invocation.id} ${call.action} of ${group}: ${wrong}`);
    }
    if (call.action === 'CreateTags' && call.outcome === 'ok') this.#decode(call);
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
      if (faults.length > 0) this.#onViolation(`the ledger of ${id} cannot be read: ${faults.join('; ')}`);
    }
  }

  #subject({ input }: CallRecord): string {
    const { NetworkInterfaceId, AttachmentId, Resources } = input as Record<string, string | string[] | undefined>;
    if (Array.isArray(Resources)) return Resources[0] ?? '';
    if (typeof NetworkInterfaceId === 'string') return NetworkInterfaceId;
    return this.#attachments.byId(AttachmentId as string)?.interfaceId ?? '';
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
