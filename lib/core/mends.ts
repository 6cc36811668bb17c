import type { BlockCode, RejectionCode, WarningCode } from './codes.ts';
import type { AheadCode } from './codes-of-ahead.ts';
import type { ReadinessCode } from './codes-of-readiness.ts';

/** The codes whose mend is the same whatever was found. */
export type MendedCode = BlockCode | RejectionCode | WarningCode | ReadinessCode;

/** Every code that what is found may carry. */
export type FindingCode = MendedCode | AheadCode;

const NOTHING = 'Nothing: it ends by itself.';
const PROBE_PATH = 'Look at the security groups and network ACLs between the probe and the members.';

/** What a person does so that it is not found any more; docs/operations.md says more of each. */
const MENDS: Readonly<Record<MendedCode, string>> = {
  // Of the group.
  'no-standby': 'Tag a second instance in the same Availability Zone as a member.',
  'every-member-stopped': 'Start a member.',
  'group-unreadable': 'Move the group by hand until there is a version that understands the reply.',
  'group-unknown': 'Tag the interface, not only the instances.',
  'too-many-interfaces': 'Take the group tag off those that are too many.',
  'interface-primary': 'Take the group tag off the primary interface, and tag a secondary one.',
  'interfaces-span-zones': 'Put each interface into a group of its own zone.',
  'holder-not-member': 'Tag that instance as a member, or attach the interface to one.',
  'group-split': "Send a 'failover' with 'to'.",
  'no-candidate': 'Mend one of the standbys.',
  'candidates-unknown': 'Ask again in a minute; if the read is denied, allow it.',
  'target-not-eligible': 'Name another member.',
  'operation-in-progress': NOTHING,
  'unattached-unconfirmed': NOTHING,
  'attachment-in-transit': NOTHING,
  'impaired-recently': NOTHING,
  'mode-manual': "Set the tag 'mode' to 'auto', or take it off.",
  paused: "Send 'resume' when the work is done.",
  'vouched-for': NOTHING,
  cooldown: "Find out why it moved so often, then send 'acknowledge'.",
  'detach-refused': 'Allow ec2:DetachNetworkInterface, or mend what EC2 said.',
  'change-throttled': 'Find what uses up the request rate of the account, and stop it.',
  'holder-not-well': 'Mend the holder, or send a failover request.',
  'not-ready': 'Mend what the reason names.',
  'nobody-preferred': 'Give the member to fail back to the highest priority.',
  'request-not-kept': 'Delete tags of the interface, or allow ec2:CreateTags, and send it again.',
  'repeated-request': "Name 'from' or 'to'.",
  // Of a standby.
  'failed-holder': 'Mend the holder.',
  'current-holder': NOTHING,
  'not-requested': NOTHING,
  'not-a-member': 'Tag it as a member.',
  'intent-pending': NOTHING,
  'attach-stuck': 'Stop and start it.',
  'holder-serves': "Send a 'failover' with 'to', which moves all of the group.",
  'refused-by-ec2': "Mend what EC2 said, then send 'acknowledge'.",
  'attach-denied': 'Allow ec2:AttachNetworkInterface on this instance and on the interface.',
  'spot-interruption': 'Start another member, On-Demand if you can.',
  excluded: "Take the tag 'exclude' off it.",
  'other-account': 'Take the group tag off it.',
  'other-zone': "Start a member in the interface's zone.",
  'other-outpost': 'Start a member on the same hardware as the interface.',
  'not-running': 'Start it.',
  'own-alarm': 'Mend the instance, or the alarm.',
  'muted-alarm': 'Mend the instance, or the alarm.',
  unreachable: "Look at the instance's console; reboot it, or stop and start it.",
  'fails-probe': 'Mend the service on it.',
  impaired: 'Reboot it; stop and start it where the system check is the one that fails.',
  initializing: 'Wait two to three minutes.',
  'health-unknown': 'Ask again in a minute; if the read is denied, allow it.',
  'interface-efa': 'Use an ordinary interface for the address.',
  'interface-managed': 'Use an interface of your own for the address.',
  'interface-special': 'Use an ordinary interface for the address.',
  'instance-managed': 'Take the group tag off it, and start a member of your own.',
  'limits-unreadable': 'Allow ec2:DescribeInstanceTypes, or use a type that is known.',
  'no-free-slot': 'Detach an interface that it does not need, or use a larger type.',
  'no-free-attachment': 'Detach a volume or an interface that it does not need, or use a newer type.',
  'device-index-withheld': "Stop and start it, or reboot it and send 'acknowledge'.",
  'device-index-beyond-limit': "Change the tag 'device-index' of the interface, or take it off.",
  'device-index-taken': "Free that index, or take the tag 'device-index' off the interface.",
  'too-few-addresses': 'Use a larger type, or unassign addresses.',
  // Of tags and interfaces.
  'tags-full': 'Delete some of its tags.',
  'settings-differ': 'Give the setting the same value on every interface of the group.',
  'unknown-tag': 'Correct the key, or take the tag off.',
  'tag-malformed': 'Correct the value, or take the tag off.',
  'group-tag-malformed': 'Separate names by single blanks, without commas.',
  'delete-on-termination': 'Nothing: the next sweep switches it off.',
  'stray-primary': 'Take the group tag off it.',
  'stray-other-zone': "Take the group tag off it, or make one in the group's zone.",
  'stray-with-stranger': 'Take the group tag off it, unless you mean to move it to the holder.',
  'stray-on-member': 'Attach it to the holder, or take the group tag off it.',
  'stray-loose': 'Attach it to the holder.',
  'stray-other-ledger': 'Delete its tags of the ledger if it is yours; else take the group tag off it.',
  'stray-too-many': 'Take the group tag off it, or off another one.',
  'failback-disarmed': "Find out why it failed there; then send 'acknowledge', or 'failback'.",
  'not-recorded': 'Allow ec2:CreateTags under the state prefix.',
  // Of what is read, and of the members' surroundings.
  'read-missing': 'Allow the action that the sentence names; if it was throttled, nothing.',
  'retirement-scheduled': 'Move the group away before; then stop and start the instance.',
  'auto-scaling-member':
    'Take it out of its Auto Scaling group, or protect it from scale-in and suspend ReplaceUnhealthy.',
  // Of the probe.
  'probe-malformed': "Correct the tag 'probe' of the interface.",
  'probe-out-of-reach': 'Deploy the probes in the VPC of the interface, or take its probe tag off.',
  'probe-blind': PROBE_PATH,
  'probe-no-witness': "Let the standbys' own security groups accept the probe's.",
  'probe-never-answered': "Check the tag 'probe', the security groups, and what listens there.",
  'probe-reported': "Mend the service, or send a 'failover'.",
  'probe-slow': "Set the parameter 'probeMemoryMb' higher.",
  'probe-over-capacity': "Set the parameter 'probeMemoryMb' to what the sentence says.",
  'moved-not-serving': 'Look whether the guest configures what arrives.',
};

/** What ends this, in one sentence for whoever can do it. */
export const mendOf = (code: MendedCode): string => MENDS[code];
