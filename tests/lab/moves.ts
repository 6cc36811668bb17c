import {
  AttachNetworkInterfaceCommand,
  DescribeNetworkInterfacesCommand,
  DetachNetworkInterfaceCommand,
  type NetworkInterface,
} from '@aws-sdk/client-ec2';
import { codeOf, type Lab, startLab } from './support.ts';

/** By then every attach and detach has come to its end, unless it hangs. */
export const SETTLED_MS = 10_000;

/** Attaches the floating interface to the standby, at index 1 of card 0, unless told otherwise; names the outcome. */
export function attach(
  lab: Lab,
  given: { eni?: string; to?: string; index?: number; card?: number | null } = {},
): Promise<string> {
  const { eni = lab.eni, to = lab.standby, index = 1, card = 0 } = given;
  const input = { NetworkInterfaceId: eni, InstanceId: to, DeviceIndex: index };
  const command = new AttachNetworkInterfaceCommand(card === null ? input : { ...input, NetworkCardIndex: card });
  return lab.clock.run(codeOf(lab.ec2.send(command)));
}

/** Detaches what the floating interface is attached by, unless told otherwise; names the outcome. */
export function detach(lab: Lab, given: { id?: string; force?: boolean } = {}): Promise<string> {
  const { id = lab.attachmentId(), force = false } = given;
  return lab.clock.run(codeOf(lab.ec2.send(new DetachNetworkInterfaceCommand({ AttachmentId: id, Force: force }))));
}

/** The floating interface as a client sees it. */
export async function look(lab: Lab): Promise<NetworkInterface> {
  const reply = await lab.clock.run(
    lab.ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [lab.eni] })),
  );
  return reply.NetworkInterfaces?.[0] ?? {};
}

/** A pair whose floating interface is free. */
export async function freeLab(options: Parameters<typeof startLab>[0] = {}): Promise<Lab> {
  const lab = startLab(options);
  lab.world.detachByHand(lab.eni);
  await lab.clock.advance(SETTLED_MS);
  return lab;
}
