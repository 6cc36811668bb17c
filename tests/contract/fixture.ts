import { type AwsCloud, createCloud } from '../../lib/aws/index.ts';
import { systemClock } from '../../lib/clock.ts';
import type { InterfaceView, Listing, MemberView } from '../../lib/core/model.ts';
import { AwsCallError } from '../../lib/errors.ts';
import type { Running } from './target.ts';

export const GROUP_TAG = 'eni-failover:group';

/** Credentials that are nobody's. */
export const STRANGER = { accessKeyId: 'AKIANOBODYKNOWSTHIS0', secretAccessKey: 'nor-this' };

/**
 * What the cases need, found by tag. For a group `web` (an instance may list other groups as well):
 * - an interface tagged `web`, attached to one of two running instances tagged `web`, in the same zone;
 * - an instance tagged `web-2` in another zone, and an interface tagged `web-2`;
 * - an instance tagged `web-full` in the zone of the first, which has no free interface slot.
 */
export interface Fixture {
  readonly cloud: AwsCloud;
  /** The same endpoint, seen by somebody who may do nothing. */
  readonly stranger: AwsCloud;
  readonly group: string;
  readonly floating: InterfaceView;
  readonly holder: MemberView;
  readonly standby: MemberView;
  readonly elsewhere: MemberView;
  readonly full: MemberView;
}

/** Finds the fixture; says which part of it is missing. */
export async function discover(running: Running): Promise<Fixture> {
  const cloud = cloudOf(running);
  const { group } = running;
  const floating = one(understood(await cloud.interfaces([group])), `an interface tagged ${group}`);
  const members = understood(await cloud.members(group));
  const isHolder = ({ id }: MemberView) => id === floating.attachment?.instanceId;
  return {
    cloud,
    stranger: cloudOf({ ...running, credentials: STRANGER }),
    group,
    floating,
    holder: one(members.filter(isHolder), `the instance that holds ${floating.id}, tagged ${group}`),
    standby: one(
      members.filter((each) => !isHolder(each) && each.zone === floating.zone),
      `a second instance tagged ${group} in ${floating.zone}`,
    ),
    elsewhere: one(understood(await cloud.members(`${group}-2`)), `an instance tagged ${group}-2`),
    full: one(understood(await cloud.members(`${group}-full`)), `an instance tagged ${group}-full`),
  };
}

function cloudOf({ endpoint, region, credentials }: Running): AwsCloud {
  return createCloud({
    clock: systemClock,
    budget: { deadlineAt: Number.POSITIVE_INFINITY },
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
  });
}

/** The views of a listing in which nothing is unreadable: what an endpoint says, this version has to know. */
export function understood<View>({ views, unreadable }: Listing<View>): readonly View[] {
  if (unreadable.length === 0) return views;
  throw new Error(`The endpoint says what cannot be understood: ${JSON.stringify(unreadable)}`);
}

function one<View>([first]: readonly View[], what: string): View {
  if (first !== undefined) return first;
  throw new Error(`The endpoint lacks ${what}; see tests/contract/fixture.ts.`);
}

/** Reads again and again, as Describe calls are eventually consistent, until it is as wanted. */
export async function eventually<View>(
  read: () => Promise<View>,
  wanted: (view: View) => boolean,
  what: string,
): Promise<View> {
  const deadlineAt = systemClock.now() + 60_000;
  for (;;) {
    const view = await read();
    if (wanted(view)) return view;
    if (systemClock.now() > deadlineAt)
      throw new Error(`Not within a minute: ${what}. Last seen: ${JSON.stringify(view)}`);
    await systemClock.sleep(100);
  }
}

/** The error a call ends with, which must be an `AwsCallError`. */
export async function failureOf(call: Promise<unknown>): Promise<AwsCallError> {
  const outcome = await call.then(
    (value) => new Error(`The call succeeded with ${JSON.stringify(value)}.`),
    (error: unknown) => error,
  );
  if (outcome instanceof AwsCallError) return outcome;
  throw outcome;
}
