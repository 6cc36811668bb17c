import type { Random } from '../../lab/random.ts';
import type { CallRequest, Fault, FaultHook } from '../../lab/world/hooks.ts';
import type { World } from '../../lab/world/world.ts';
import type { FaultDraw, FaultKind, Scenario } from './scenario.ts';

export interface FaultsOptions {
  readonly world: World;
  readonly draw: FaultDraw;
  readonly random: Random;
  readonly areOn: () => boolean;
}

/** Lets the drawn faults wait for their calls. */
export function schedule(world: World, { injections, phaseOneMs }: Scenario, members: readonly string[]): void {
  const startMs = world.clock.now();
  for (const { member, fromMs, ...injection } of injections) {
    const instanceId = member === undefined ? undefined : members[member];
    const untilMs = startMs + phaseOneMs;
    world.clock.schedule(startMs + fromMs, () => world.inject({ ...injection, instanceId, untilMs }));
  }
}

/** What goes wrong with each call, by the scenario's schedule. */
export function faultHook({ world, draw, random, areOn }: FaultsOptions): FaultHook {
  const startMs = world.clock.now();
  return {
    before(call) {
      const kind = areOn() ? pick(call) : undefined;
      // A dry run asks for permission, and meets nothing that only a change would meet.
      if (kind === undefined || (call.input['DryRun'] === true && !ON_DRY_RUNS.includes(kind))) return undefined;
      return faultOf(kind, call, random);
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

const ON_READS: readonly FaultKind[] = ['server-error', 'throttle', 'throttle', 'deny', 'lost', 'timeout', 'slow'];
const ON_DRY_RUNS: readonly FaultKind[] = ['deny', 'throttle', 'server-error', 'lost', 'slow'];
const ON_CHANGES: readonly FaultKind[] = [...ON_READS, 'refuse', 'refuse', 'lost', 'apply-late'];

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
    case 'refuse': {
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
    case 'throttle':
      return { kind: 'throttle' };
    case 'deny':
      return { kind: 'deny' };
    case 'lost':
      return { kind: 'lost' };
    case 'apply-late':
      return { kind: 'apply-late', ms: random.pick([800, 4_000, 12_000, 30_000, 80_000]) };
    case 'timeout':
      return { kind: 'timeout' };
    case 'slow':
      return { kind: 'slow', ms: random.int(500, 9_000) };
  }
}
