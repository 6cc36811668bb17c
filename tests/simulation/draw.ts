import { Random } from '../../lab/random.ts';
import type { Latencies, Quirks } from '../../lab/world/model.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../lib/core/settings.ts';
import { drawIncidents } from './draw-incidents.ts';
import { drawTopology } from './draw-topology.ts';
import { withExtras } from './extras.ts';
import { chosenFeatures, type Features } from './features.ts';
import type { BusDraw, FaultDraw, FaultKind, FaultWindow, FunctionDraw, Scenario } from './scenario.ts';

const MINUTE_MS = 60_000;
/** Every tenth seed goes over the wire. */
const WIRE_EVERY = 10;
/** The most a Describe reply may lag behind; the product allows for 5 s. */
export const STALEST_MS = 4_500;

/** One seed, one scenario. Each part has a stream of its own, so that a change to one leaves the others alone. */
export function drawScenario(seed: number, features: Features = chosenFeatures()): Scenario {
  return withExtras(drawPlain(seed), features, new Random(`extras-${seed}`));
}

function drawPlain(seed: number): Scenario {
  const random = new Random(`scenario-${seed}`);
  const phaseOneMs = random.int(4, 9) * MINUTE_MS;
  const topology = drawTopology(random.fork('topology'));
  return {
    seed,
    extras: [],
    skewMs: 0,
    wire: seed % WIRE_EVERY === 0,
    settings: drawSettings(random.fork('settings')),
    latencies: drawLatencies(random.fork('latencies')),
    quirks: drawQuirks(random.fork('quirks')),
    staleMs: random.fork('stale').pick([0, 0, 500, 2_000, STALEST_MS]),
    buckets: random.fork('buckets').chance(0.5),
    ...topology,
    injections: [],
    faults: drawFaults(random.fork('faults'), phaseOneMs),
    functions: drawFunctions(random.fork('functions')),
    bus: drawBus(random.fork('bus')),
    phaseOneMs,
    incidents: drawIncidents(random.fork('incidents'), topology.groups.length, phaseOneMs),
  };
}

function drawSettings(random: Random): Settings {
  const cooldownSeconds = random.chance(0.2) ? DEFAULT_SETTINGS.cooldownSeconds : 240;
  return { ...DEFAULT_SETTINGS, cooldownSeconds, forceAfterSeconds: random.pick([10, 10, 10, 3, 0]) };
}

function drawLatencies(random: Random): Partial<Latencies> {
  const slow = random.chance(0.25);
  return {
    callMs: random.pick([
      [20, 120],
      [5, 30],
      [50, 900],
    ] as const),
    attachMs: slow ? [500, 15_000] : [300, 4_000],
    detachMs: slow ? [1_000, 30_000] : [800, 4_000],
    stoppingMs: [5_000, 40_000],
    shuttingDownMs: [20_000, 90_000],
    initializingMs: [20_000, 100_000],
    hangMs: 30_000,
  };
}

function drawQuirks(random: Random): Partial<Quirks> {
  return {
    plainDetachWhileDetaching: random.pick(['accepted', 'refused'] as const),
    forcedDetachWhileDetaching: random.pick(['accepted', 'accepted', 'refused'] as const),
    attachToPending: random.pick(['accepted', 'refused'] as const),
    detachInTransition: random.pick(['accepted', 'refused'] as const),
    forcedIndexRefused: random.chance(0.5),
    restartThatClearsIndex: random.pick(['stop-start', 'reboot'] as const),
    inUseCode: random.pick(['InvalidNetworkInterface.InUse', 'InvalidNetworkInterface.InUse', 'InvalidParameterValue']),
    managedCode: random.pick(['OperationNotPermitted', 'AuthFailure'] as const),
    omittedCardIndex: random.pick(['false-conflict', 'defaults-to-0'] as const),
  };
}

const READ_KINDS: readonly FaultKind[] = ['server-error', 'throttle', 'deny', 'lost', 'timeout'];
const CHANGE_KINDS: readonly FaultKind[] = [...READ_KINDS, 'refuse', 'refuse', 'lost', 'apply-late', 'slow'];
const AIMS: readonly (readonly string[])[] = [
  ['Describe'],
  ['DescribeAlarms'],
  ['DescribeInstanceStatus'],
  ['DescribeInstanceStatus'],
  ['DescribeInstanceTypes'],
  ['DescribeNetworkInterfaces'],
  ['CreateTags'],
  ['AttachNetworkInterface'],
  ['DetachNetworkInterface'],
  ['AttachNetworkInterface', 'DetachNetworkInterface', 'CreateTags'],
];

function drawFaults(random: Random, phaseOneMs: number): FaultDraw {
  const windows = Array.from({ length: random.pick([0, 0, 1, 1, 2, 3]) }, () => drawWindow(random, phaseOneMs));
  const rate = random.pick([0, 0.005, 0.02, 0.02, 0.06, 0.15]);
  return { rate, windows, unlistedTypes: random.chance(0.1) ? 0.5 : 0 };
}

function drawWindow(random: Random, phaseOneMs: number): FaultWindow {
  const actions = random.pick(AIMS);
  const reads = actions.every((action) => action.startsWith('Describe'));
  const fromMs = random.int(0, phaseOneMs - MINUTE_MS);
  return {
    fromMs,
    toMs: fromMs + random.int(5, 150) * 1_000,
    actions,
    kind: random.pick(reads ? READ_KINDS : CHANGE_KINDS),
    rate: random.pick([0.3, 0.6, 1]),
  };
}

function drawFunctions(random: Random): FunctionDraw {
  return {
    failoverTimeoutMs: random.chance(0.75) ? 55_000 : random.int(9, 30) * 1_000,
    sweepTimeoutMs: random.chance(0.8) ? 55_000 : random.int(12, 40) * 1_000,
    crashes: random.pick([0, 0, 0.1, 0.3]),
  };
}

function drawBus(random: Random): BusDraw {
  const calm = random.chance(0.25);
  const share = (shares: readonly number[]): number => (calm ? 0 : random.pick(shares));
  return {
    lost: share([0, 0.1, 0.3, 1]),
    duplicated: share([0, 0.1, 0.4]),
    delayed: share([0, 0.2, 0.6]),
    longestDelayMs: random.pick([5_000, 60_000, 240_000]),
    sweepsLost: share([0, 0, 0.2]),
    sweepsDuplicated: share([0, 0.2]),
    muted: share([0, 0.05]),
  };
}
