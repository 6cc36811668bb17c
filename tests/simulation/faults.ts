import type { Random } from '../../lab/random.ts';
import type { CallRequest, Fault, FaultHook } from '../../lab/world/hooks.ts';
import type { World } from '../../lab/world/world.ts';
import type { FaultDraw, FaultKind } from './scenario.ts';

export interface FaultsOptions {
  readonly world: World;
  readonly draw: FaultDraw;
  readonly random: Random;
  readonly areOn: () => boolean;
  readonly onFault: (kind: FaultKind) => void;
}

/** What goes wrong with each call, by the scenario's schedule. */
export function faultHook({ world, draw, random, areOn, onFault }: FaultsOptions): FaultHook {
  const startMs = world.clock.now();
  return {
    before(call) {
      const kind = areOn() ? pick(call) : undefined;
      if (kind) onFault(kind);
      return kind && faultOf(kind, call, random);
    },
  };

  function pick({ action }: CallRequest): FaultKind | undefined {
    const sinceMs = world.clock.now() - startMs;
    const window = draw.windows.find(
      ({ fromMs, toMs, actions }) =>
        fromMs <= sinceMs && sinceMs < toMs && actions.some((begin) => action.startsWith(begin)),
    );
    if (window && random.chance(window.rate)) return window.kind;
    if (!random.chance(draw.rate)) return undefined;
    return random.pick(action.startsWith('Describe') || action.startsWith('List') ? ON_READS : ON_CHANGES);
  }
}

const ON_READS: readonly FaultKind[] = [
  'server-error',
  'throttled',
  'throttled',
  'denied',
  'reply-lost',
  'never-arrived',
  'reply-delayed',
];
const ON_CHANGES: readonly FaultKind[] = [...ON_READS, 'refused', 'refused', 'reply-lost', 'applied-late'];

/** What EC2 says when it declines without our having done anything wrong (aws-facts, section 1). */
const REFUSALS: Readonly<Record<string, readonly string[]>> = {
  AttachNetworkInterface: [
    'IncorrectState',
    'AttachmentLimitExceeded',
    'InvalidParameterValue',
    'UnsupportedOperation',
  ],
  DetachNetworkInterface: ['IncorrectState', 'OperationNotPermitted'],
  CreateTags: ['ConcurrentTagAccess', 'TagLimitExceeded'],
};

function faultOf(kind: FaultKind, { action }: CallRequest, random: Random): Fault {
  switch (kind) {
    case 'refused': {
      const code = random.pick(REFUSALS[action] ?? ['UnsupportedOperation']);
      return { kind: 'refuse', code, message: 'Not now.', status: 400 };
    }
    case 'server-error': {
      const [code, status] = random.pick([
        ['InternalError', 500],
        ['Unavailable', 503],
      ] as const);
      return { kind: 'refuse', code, message: 'An internal error has occurred.', status };
    }
    case 'throttled':
      return { kind: 'throttle' };
    case 'denied':
      return { kind: 'deny' };
    case 'reply-lost':
      return { kind: 'lost' };
    case 'applied-late':
      return { kind: 'apply-late', ms: random.pick([800, 4_000, 12_000, 30_000, 80_000]) };
    case 'never-arrived':
      return { kind: 'timeout' };
    case 'reply-delayed':
      return { kind: 'slow', ms: random.int(500, 9_000) };
  }
}
