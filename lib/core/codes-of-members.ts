/** What speaks against members, and what should be put right: the part of the codes of `codes.ts` that grows most. */

/** Why a member may not take the interfaces. */
export const REJECTION = {
  'failed-holder': 'it is the holder that failed',
  'current-holder': 'it is the holder now, or the member the group is moved away from',
  'not-requested': 'the request names another member',
  'not-a-member': 'the requested instance is not tagged as a member',
  'intent-pending': 'another run is moving the group to another member',
  'attach-stuck':
    'an attach to it did not end, or came undone, in this run, or hangs there now; later runs rank it last until it is launched anew, and try it after 1, 2, 4 and then every 8 minutes, whether nobody serves or a failed holder would be left for it',
  'holder-serves':
    'a member that is well holds part of the group, which is not taken off it; only where it serves fewer than half of it and has no place for the rest, after the cooldown or a quarter of an hour ([decision 16](decisions/016-parts-that-wait.md))',
  'refused-by-ec2':
    'EC2 did not let it take an interface, in this run or within the cooldown; or at any time, where a hung holder that still runs could not take back what is taken off it by force',
  'attach-denied': 'IAM denies the attach of an interface to it; nothing is detached for it',
  'spot-interruption':
    'EC2 has given notice that it takes this instance back (Spot, capacity reservation); for three minutes from then; `ignoreHealth` overrides this for `to`',
  excluded: 'its `exclude` tag',
  'other-account': 'an interface cannot leave its account',
  'other-zone': 'an interface cannot leave its Availability Zone',
  'other-outpost': 'an interface cannot leave the hardware it is on: an Outpost, or the Region',
  'not-running': 'it is not running',
  'own-alarm': 'an alarm of ours on it is in ALARM; `ignoreHealth` overrides this for `to`',
  'muted-alarm':
    'an alarm of ours on it is in ALARM, and is muted, or may be; `ignoreHealth` overrides this for `to`, and where nobody serves it is the last resort',
  unreachable: 'the probe has just found it silent, on its own address too; `ignoreHealth` overrides this for `to`',
  'fails-probe':
    'the holder is left because it does not serve the probe, and this member is known to fail the same probe',
  impaired: 'it fails a status check; `ignoreHealth` overrides this for `to`',
  initializing:
    'its status checks are initializing; `ignoreHealth` overrides this for `to`, and where nobody serves it is the last resort',
  'health-unknown':
    'its status checks could not be read; `ignoreHealth` overrides this for `to`, and where nobody serves it is the last resort',
  'interface-efa': 'an interface of the group is an EFA, which cannot be attached to a running instance',
  'interface-managed': 'an interface of the group is managed by an AWS service',
  'interface-special':
    'an interface of the group is of a kind that only its service attaches: a trunk, a branch, a gateway',
  'instance-managed': 'it is managed by an AWS service, and takes no interface from anybody',
  'limits-unreadable': 'the limits of its instance type could not be read, and are not among those that are shipped',
  'no-free-slot': 'it has no room for every interface of the group',
  'no-free-attachment': 'its volumes and interfaces use up the attachments that its type shares between them',
  'device-index-taken': 'the device index an interface needs is taken',
  'device-index-withheld':
    'since it was left by force, EC2 may withhold the only device index the group can have there; once the holder has failed it is the last resort',
  'device-index-beyond-limit': 'a `device-index` tag asks for an index or a network card that its type does not have',
  'too-few-addresses': 'its type allows fewer addresses on an interface',
} as const;

/** What should be put right although nothing stands in the way now: a warning begins with it. */
export const WARNING = {
  'tags-full': 'an interface has so many tags that the ledger does not fit beside them; moves are made all the same',
  'settings-differ': 'a setting is not the same on all interfaces of the group; the safest value counts',
  'unknown-tag': 'a tag under our prefix means nothing where it stands',
  'group-tag-malformed': 'a group tag has commas or stray blanks, so the resource is in no group it seems to name',
  'stray-primary': "an interface that carries the group's tag and never belonged to it is an instance's primary one",
  'stray-other-zone': 'such an interface is in another Availability Zone than the group',
  'stray-with-stranger': 'such an interface is attached to something that is no member',
  'stray-on-member': 'such an interface is attached to another member than the group',
  'stray-loose': 'such an interface is attached to nothing: it belongs to the group once it is attached to the holder',
  'stray-other-ledger':
    'such an interface is on the holder and has a ledger of its own, in which the others are not named',
  'stray-too-many': 'such an interface has no room in the group, which has 15 already',
  'device-index-withheld': 'a member may refuse the group for the same reason; it has to be stopped and started',
  'probe-malformed': "an interface's `probe` tag cannot be read; it is looked after without a probe",
  'probe-out-of-reach': 'an interface with a probe is in another VPC than the probes; it is looked after without one',
  'probe-blind': 'as the code: nobody answers the probe',
  'probe-no-witness': 'as the code: nobody bears witness for the probe',
  'probe-never-answered': 'as the code: the interface has not answered the probe since it was attached',
  'probe-reported': 'as the code: the probe calls the holder unreachable or not serving, and nothing moves for that',
  'probe-slow': 'as the code: a probe lags, and sees no failure',
  'probe-over-capacity': 'as the code: the probes need more memory',
  'moved-not-serving': 'as the code: moved by the word of the probe, and not heard since',
  'failback-disarmed':
    'after an automatic failback the group had to leave the preferred member again within the cooldown; it does not go back by itself before `acknowledge`',
  'not-recorded': 'the tags that remember a move were refused; it was made all the same',
} as const;
