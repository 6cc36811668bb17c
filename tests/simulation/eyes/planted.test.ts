import type { PlantedBug } from '../planted/bug.ts';
import { planted } from '../planted/plant.ts';
import * as shipped from './product.ts';
import type { Setup } from './setup.ts';
import { type Product, Vpc } from './vpc.ts';

/** Each history is one in which the product does right, and a bug shows. */
type Play = (product: Product) => Promise<Vpc>;

const MINUTE = 60_000;

async function played(product: Product, setup: Partial<Setup>, minutes: number, before: (vpc: Vpc) => unknown) {
  const vpc = new Vpc({ seed: 3, probes: 1, ...setup }, product);
  before(vpc);
  await vpc.play(minutes);
  return vpc;
}

const hangs: Play = (product) => played(product, {}, 3, (vpc) => vpc.host(vpc.scene.holder, 'silent', 95_000));

/** Packets are lost for as long as a verdict takes; then all is as it was. */
const pauses: Play = (product) =>
  played(product, {}, 3, (vpc) =>
    vpc.host(vpc.scene.holder, 'silent', 95_000).host(vpc.scene.holder, 'answered', 99_200),
  );

const refuses: Play = (product) =>
  played(product, { slowDetach: true }, 3, (vpc) => vpc.host(vpc.scene.holder, 'refused', 95_000));

/** All three hang, one after the other, each for three minutes. */
const hangInTurn: Play = async (product) => {
  const vpc = new Vpc({ seed: 3, probes: 1, members: 3 }, product);
  for (let turn = 0; turn < 3; turn += 1) {
    await vpc.play(1);
    const holder = vpc.holder ?? '';
    const now = 2 * MINUTE + turn * 4 * MINUTE;
    vpc.host(holder, 'silent', now + 15_000).host(holder, 'answered', now + 90_000);
    await vpc.play(1);
  }
  return vpc;
};

/** A person moves the group away and back while a verdict is on its way, and the holder is down again when it comes. */
const movedMeanwhile: Play = (product) =>
  played(product, { sendsTakeMs: 26_000 }, 3, (vpc) => {
    const { holder, members } = vpc.scene;
    vpc.host(holder, 'silent', 95_000).host(holder, 'answered', 100_000).host(holder, 'silent', 119_000);
    const to = members.find((id) => id !== holder);
    const move = (target: string | undefined) =>
      void vpc.failover({ action: 'failover', group: 'web', to: target, ignoreHealth: true });
    vpc.at(101_000, () => move(to));
    vpc.at(109_000, () => move(holder));
  });

/** Somebody closes the security group of the floating interface, and forgets it. */
const isForgotten: Play = (product) => played(product, {}, 3, (vpc) => vpc.host(vpc.scene.holder, 'closed', 95_000));

const isBlind: Play = (product) =>
  played(product, { ills: [{ probe: 1, kind: 'blind', fromMs: 90_000, untilMs: 4 * MINUTE }] }, 3, () => undefined);

const isLeft = (vpc: Vpc): boolean => vpc.taken.length === 1 && vpc.taken.every(({ wasDown }) => wasDown);
const isKept = (vpc: Vpc): boolean => vpc.taken.length === 0;
const isBounded = (vpc: Vpc): boolean => vpc.taken.length === 2;
const isPatient = (vpc: Vpc): boolean => vpc.taken.length === 1 && vpc.forced.length === 0;
/** The two moves are the person's own. */
const isPersons = (vpc: Vpc): boolean => vpc.taken.length === 2;

interface Planted extends PlantedBug {
  readonly play: Play;
  readonly isRight: (vpc: Vpc) => boolean;
}

const BUGS: readonly Planted[] = [
  {
    name: 'a probe acts without a witness',
    file: 'lib/probe/verdict.ts',
    find: "if (heard !== undefined) return { verdict: 'unreachable', acts: true, witness: heard[0] };",
    replace: "return { verdict: 'unreachable', acts: true, witness: heard?.[0] };",
    also: { find: "return look.witnesses.some(isLife) ? 'agrees' : 'unknown';", replace: "return 'agrees';" },
    play: isBlind,
    isRight: isKept,
  },
  {
    name: 'a forgotten security group counts as a failure',
    file: 'lib/probe/verdict.ts',
    find: "if (!own?.hasPassed || own.failingSince === null) return told('not-serving', 'path');",
    replace: 'if (!own?.hasPassed || own.failingSince === null) return serviceFails(evidence, rules);',
    also: {
      find: "return !look.isSlow && fails(kind, own) && fails(kind, look.own) && (look.own !== 'slow' || own === 'slow');",
      replace: 'return !look.isSlow && own !== undefined;',
    },
    play: isForgotten,
    isRight: isKept,
  },
  {
    name: 'the brake for many at once bites with one group',
    file: 'lib/probe/mass.ts',
    find: 'if (count >= MASS_HOLDERS && count >',
    replace: 'if (count >',
    play: hangs,
    isRight: isLeft,
  },
  {
    name: 'a verdict is not confirmed',
    file: 'lib/engine/probe.ts',
    find: 'return confirmation(looks.map((look) => confirms(verdict, reading.target.kind, look)));',
    replace: "return 'agrees';",
    play: pauses,
    isRight: isKept,
  },
  {
    name: "EC2's ok vetoes",
    file: 'lib/core/signals.ts',
    find: "['probe/unreachable', 'holder-unreachable', 'failed',",
    replace: "['probe/unreachable', 'holder-unreachable', 'nothing',",
    play: hangs,
    isRight: isLeft,
  },
  {
    name: 'the cooldown is lifted',
    file: 'lib/core/permission.ts',
    find: "analysis === 'holder-stopped' ||",
    replace: "analysis === 'holder-stopped' || analysis === 'holder-unreachable' ||",
    play: hangInTurn,
    isRight: isBounded,
  },
  {
    name: 'patience is bypassed where somebody answers',
    file: 'lib/core/probe.ts',
    find: 'return { ...base, verdict, because: `does not serve',
    replace: 'return { ...base, unanswering: true, verdict: "unreachable", because: `does not serve',
    play: refuses,
    isRight: isPatient,
  },
  {
    name: 'a verdict of an old attachment acts',
    file: 'lib/core/probe.ts',
    find: 'if (attachment.id !== attachmentId || attachment.instanceId !== instanceId)',
    replace: 'if (attachment.instanceId !== instanceId)',
    also: {
      find: 'if (attachment?.instanceId === instanceId && attachment.id !== attachmentId) return [];',
      replace: '',
    },
    play: movedMeanwhile,
    isRight: isPersons,
  },
];

describe('a bug planted into what follows from a verdict', () => {
  it.each(BUGS)('should be caught, where the product does right: $name', async ({ play, isRight, ...bug }) => {
    expect(isRight(await play(shipped))).toBe(true);
    expect(isRight(await play((await planted(bug, 'tests/simulation/eyes/product.ts')) as Product))).toBe(false);
  });
});
