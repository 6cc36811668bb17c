import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  type EC2Client,
  type Filter,
  type NetworkInterface,
} from '@aws-sdk/client-ec2';
import { chunks } from '../core/chunks.ts';
import type { InterfaceView, Listing, MemberView, Unreadable } from '../core/model.ts';
import { groupsMeant } from '../core/tags.ts';
import type { Call, SendOptions } from './call.ts';
import { allPages, byId, hasTag, MAX_FILTER_VALUES, tagContains, tagIs } from './requests.ts';
import { required } from './translate.ts';
import { toMembers } from './translate-instances.ts';
import { toInterfaces } from './translate-interfaces.ts';

/** The largest page of DescribeInstances and DescribeNetworkInterfaces. */
const MAX_RESULTS = 1_000;

type Tagged = Pick<Unreadable, 'tags'>;

/**
 * The interfaces and instances of EC2. Everything is asked for by filter and page by page: such
 * calls have a token bucket of their own, twice the size of the other's ("Request throttling for the Amazon EC2 API").
 */
export class Ec2Gateway {
  private readonly client: EC2Client;
  private readonly call: Call;
  private readonly tagPrefix: string;

  /** @param tagPrefix what the tags begin with that people write, e.g. `eni-failover:`. */
  constructor(client: EC2Client, call: Call, tagPrefix: string) {
    this.client = client;
    this.call = call;
    this.tagPrefix = tagPrefix;
  }

  /**
   * DescribeInstances, filtered by the group tag, terminated instances included: the holder may be one. An instance
   * lists its groups in one tag, so a filter for one of them can only ask for values that contain its name.
   */
  async members(group?: string): Promise<Listing<MemberView>> {
    const filter = group === undefined ? hasTag(this.groupTag) : tagContains(this.groupTag, group);
    const found = this.tagged(await this.instancesBy(filter, 'the group tag'));
    if (group === undefined) return sorted(found);
    const isMember = (one: Tagged) => groupsMeant(one, this.tagPrefix).includes(group);
    return sorted({
      views: found.views.filter(isMember),
      // One without a readable group tag may well be a member.
      unreadable: found.unreadable.filter((one) => one.tags[this.groupTag] === undefined || isMember(one)),
    });
  }

  /** DescribeInstances by id, whatever their tags; an unknown id is left out, which the call with ids would refuse. */
  async instancesById(ids: readonly string[]): Promise<Listing<MemberView>> {
    const some = chunks(ids, MAX_FILTER_VALUES).map((Values) => ({ Name: 'instance-id', Values }));
    const found = await Promise.all(some.map((filter) => this.instancesBy(filter, 'the instance ids')));
    return sorted({
      views: found.flatMap(({ views }) => views),
      unreadable: found.flatMap(({ unreadable }) => unreadable),
    });
  }

  /**
   * DescribeNetworkInterfaces, filtered by the group tag, which on an interface is one group's name; sorted by id.
   * @param groups none: every tagged interface.
   */
  async interfaces(groups?: readonly string[]): Promise<Listing<InterfaceView>> {
    if (groups === undefined) return this.tagged(await this.interfacesBy([hasTag(this.groupTag)]));
    const filters = chunks(groups, MAX_FILTER_VALUES).map((some) => tagIs(this.groupTag, some));
    return this.tagged(await this.interfacesBy(filters));
  }

  /** DescribeNetworkInterfaces by id; an unknown id is left out, which the call with ids would refuse as a whole. */
  async interfacesById(ids: readonly string[]): Promise<Listing<InterfaceView>> {
    const filters = chunks(ids, MAX_FILTER_VALUES).map((some) => ({ Name: 'network-interface-id', Values: some }));
    return this.interfacesBy(filters);
  }

  /** DescribeNetworkInterfaces, filtered by subnet: the VPCs of whatever is in these subnets, each once. */
  async vpcsOf(subnetIds: readonly string[]): Promise<readonly string[]> {
    const found = await this.interfacesBy([{ Name: 'subnet-id', Values: [...subnetIds] }]);
    return [...new Set(found.views.flatMap(({ vpcId }) => vpcId ?? []))];
  }

  private async instancesBy(filter: Filter, id: string): Promise<Listing<MemberView>> {
    const pages = await allPages((token) =>
      this.read('DescribeInstances', (options) =>
        this.client.send(
          new DescribeInstancesCommand({ Filters: [filter], MaxResults: MAX_RESULTS, NextToken: token }),
          options,
        ),
      ),
    );
    const subject = { action: 'ec2:DescribeInstances', id };
    return toMembers(pages.flatMap((page) => required(page.Reservations, 'Reservations', subject)));
  }

  /** One filter for each call, all calls at once. */
  private async interfacesBy(filters: readonly Filter[]): Promise<Listing<InterfaceView>> {
    const found = await Promise.all(filters.map((filter) => this.interfacesByOne(filter)));
    return sorted(toInterfaces(found.flat()));
  }

  private async interfacesByOne(filter: Filter): Promise<NetworkInterface[]> {
    const pages = await allPages((token) =>
      this.read('DescribeNetworkInterfaces', (options) =>
        this.client.send(
          new DescribeNetworkInterfacesCommand({ Filters: [filter], MaxResults: MAX_RESULTS, NextToken: token }),
          options,
        ),
      ),
    );
    const subject = { action: 'ec2:DescribeNetworkInterfaces', id: filter.Name ?? 'the filter' };
    return pages.flatMap((page) => required(page.NetworkInterfaces, 'NetworkInterfaces', subject));
  }

  /** What was found by its group tag has one: a reply that does not show it cannot be understood. */
  private tagged<View extends Tagged & { readonly id: string }>({ views, unreadable }: Listing<View>): Listing<View> {
    const reason = `The reply does not show the tag ${this.groupTag}, by which it was found.`;
    const odd = views.filter(({ tags }) => tags[this.groupTag] === undefined);
    return {
      views: views.filter((view) => !odd.includes(view)),
      unreadable: [...unreadable, ...odd.map(({ id, tags }) => ({ id, tags, reason }))],
    };
  }

  private get groupTag(): string {
    return `${this.tagPrefix}group`;
  }

  private read<Reply>(operation: string, send: (options: SendOptions) => Promise<Reply>): Promise<Reply> {
    return this.call({ action: `ec2:${operation}`, changing: false }, send);
  }
}

function sorted<View extends { readonly id: string }>({ views, unreadable }: Listing<View>): Listing<View> {
  return { views: byId(views), unreadable: byId(unreadable) };
}
