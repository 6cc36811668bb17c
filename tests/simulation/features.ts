/** One thing that a history may have in it, or that the oracle asks for. */
interface Feature {
  /** `draw`: seeds may have it. `rule`: it is a violation when it is not so. */
  readonly kind: 'draw' | 'rule';
  readonly what: string;
  /** Not played unless asked for (`--with`), because the product does not do this yet. */
  readonly waitsFor?: string;
}

/** Every switch of the prover. Each drawn one has a stream of its own: to switch it leaves all other draws alone. */
const TABLE = {
  crowd: { kind: 'draw', what: '25 groups at once, some of which fail in the same minute' },
  'five-interfaces': { kind: 'draw', what: 'a group with five interfaces' },
  'many-tags': {
    kind: 'draw',
    what: 'interfaces whose own tags leave little or no room for the ledger',
  },
  'differing-settings': { kind: 'draw', what: 'settings that are not the same on all interfaces of a group' },
  'force-after-60': {
    kind: 'draw',
    what: 'a plain detach may take longer than a run lives',
  },
  'denied-throughout': {
    kind: 'draw',
    what: 'IAM denies an action for the whole history',
  },
  'reads-down': { kind: 'draw', what: 'one kind of read fails for the whole history' },
  'reads-10s-old': {
    kind: 'draw',
    what: 'Describe replies are up to ten seconds old',
  },
  'stuck-attach': {
    kind: 'draw',
    what: 'an attach that EC2 accepts stays attaching for ever',
  },
  'reverting-attach': {
    kind: 'draw',
    what: 'an attach that EC2 accepts comes undone',
  },
  'stuck-detach': {
    kind: 'draw',
    what: 'a detach that EC2 accepts never ends without force',
  },
  'refusing-member': { kind: 'draw', what: 'a member refuses every attach, for good' },
  'vanished-tags': { kind: 'draw', what: 'the tags of a terminated instance are gone before its attachments are' },
  'shared-alarms': {
    kind: 'draw',
    what: 'an alarm of ours that watches all members of a group',
  },
  'mutes-beside': { kind: 'draw', what: 'an alarm is raised and muted, and some other event arrives' },
  'notice-pairs': { kind: 'draw', what: 'EC2 takes two members back at the same moment' },
  strangers: { kind: 'draw', what: 'many state changes of instances that are in no group' },
  'emptied-buckets': { kind: 'draw', what: 'a foreign tool uses up the request rate of the account' },
  'stray-interface': {
    kind: 'draw',
    what: 'an interface with a lower id is tagged with the group, now or later',
  },
  'forged-ledger': {
    kind: 'draw',
    what: 'somebody tags an interface of theirs with our group and a ledger',
  },
  'skewed-clocks': { kind: 'draw', what: 'the clock of each process is up to two seconds off' },
  'odd-names': { kind: 'draw', what: 'group tags with commas and stray blanks' },
  'stuck-groups': { kind: 'draw', what: 'groups that nobody can help, beside sound ones' },
  'odd-hardware': {
    kind: 'draw',
    what: 'a standby that a service manages, on an Outpost or full of volumes, or an interface of a kind of its own',
  },
  'too-many': { kind: 'draw', what: 'more interfaces carry the tag of a group than a group may have' },
  'kept-holder': { kind: 'draw', what: 'a holder fails, and IAM denies every detach' },
  'way-back': {
    kind: 'draw',
    what: 'a holder is left by force, is well again, and a person wants the group back there',
  },
  'odd-replies': {
    kind: 'draw',
    what: 'EC2 describes an interface or an instance as nobody understands it, for a while',
  },
  'member-down': {
    kind: 'draw',
    what: 'EC2 answers each attach to one member, or each detach from it, with an error of its own, or lets it hang or come undone',
  },
  'asked-elsewhere': {
    kind: 'draw',
    what: 'people ask for other targets, one after the other, while a group of three members is on its way',
  },
  'forged-part': { kind: 'draw', what: 'somebody writes an operation into the tags of one interface of several' },
  'overruled-moves': { kind: 'draw', what: 'a person asks for another target while a move is under way' },
  'detection-times': {
    kind: 'draw',
    what: 'status checks turn, show and raise alarms at once, or later than they were ever recorded to',
    // Every seed would become another one, those that planted bugs are recorded with among them.
    waitsFor: 'a run of its own: it changes every history',
  },
  'steady-is-seen': {
    kind: 'rule',
    what: 'steady is recorded only of what this run has seen attached again',
  },
  'parts-as-wholes': {
    kind: 'rule',
    what: 'whatever serves on a healthy member stays, in a partly loose group too',
  },
  'fresh-pictures': {
    kind: 'rule',
    what: 'a change is based on a picture that is not old',
  },
  'mutes-everywhere': {
    kind: 'rule',
    what: 'a muted alarm moves nobody, on any path',
  },
  'people-are-obeyed': {
    kind: 'rule',
    what: 'a person gets the target that can take the group',
  },
  'acknowledged-stays': { kind: 'rule', what: 'moves that a person acknowledged are not counted again' },
  'takings-bounded': { kind: 'rule', what: 'automation takes things off running members only so often' },
  'attaches-bounded': {
    kind: 'rule',
    what: 'an attach that comes to nothing is not sent to the same member for ever',
  },
  'outages-bounded': { kind: 'rule', what: 'nobody holds an interface for long while a member could' },
  'never-silent': { kind: 'rule', what: 'an interface that nobody holds for long is told' },
  'told-at-once': {
    kind: 'rule',
    what: 'what a run has moved is told, even if the run is killed later',
  },
  'told-once': { kind: 'rule', what: 'the same trouble is not told again and again' },
} as const satisfies Readonly<Record<string, Feature>>;

export type FeatureName = keyof typeof TABLE;
export type DrawnFeature = {
  [Name in FeatureName]: (typeof TABLE)[Name]['kind'] extends 'draw' ? Name : never;
}[FeatureName];

/** What a history is played with. */
export interface Features {
  readonly has: (name: FeatureName) => boolean;
  /** Drawn in every seed, not in its share of them. */
  readonly always: (name: FeatureName) => boolean;
}

export const FEATURES: Readonly<Record<FeatureName, Feature>> = TABLE;
export const FEATURE_NAMES = Object.keys(TABLE) as readonly FeatureName[];

/**
 * The features to play with: those that hold today, and others.
 * @param more names to switch on; with an exclamation mark (`crowd!`) it is in every seed.
 * @param fewer names to switch off; `all` names all of them.
 * @throws Error for a name that is none.
 */
export function chosenFeatures(more: readonly string[] = [], fewer: readonly string[] = []): Features {
  const loud = new Set(more.filter((name) => name.endsWith('!')).map((name) => name.slice(0, -1)));
  const added = new Set([...more, ...loud]);
  const removed = new Set(fewer);
  const unknown = [...more.map((name) => name.replace('!', '')), ...removed].find(
    (name) => name !== 'all' && !Object.hasOwn(TABLE, name),
  );
  if (unknown !== undefined) throw new Error(`no feature '${unknown}'; there are: ${FEATURE_NAMES.join(', ')}`);
  const isOn = (name: FeatureName): boolean => {
    if (added.has(name)) return true;
    if (removed.has(name) || removed.has('all')) return added.has('all');
    return added.has('all') || FEATURES[name].waitsFor === undefined;
  };
  const on = new Set(FEATURE_NAMES.filter(isOn));
  return { has: (name) => on.has(name), always: (name) => loud.has(name) };
}
