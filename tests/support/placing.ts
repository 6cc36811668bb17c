import type { RecordedResource } from '../../lib/core/ledger.ts';
import type { EnaOptions, InterfaceView, MemberView, TypeLimits } from '../../lib/core/model.ts';
import { type Placement, place } from '../../lib/core/placement.ts';
import { A, B, member, T3_SMALL } from './observation.ts';

export const TWO_CARDS: TypeLimits = {
  maxInterfaces: 6,
  ipv4PerInterface: 4,
  ipv6PerInterface: 4,
  cards: [
    { index: 0, maxInterfaces: 3 },
    { index: 1, maxInterfaces: 3 },
  ],
};

export const slot = (deviceIndex: number, networkCardIndex = 0) => ({
  interfaceId: `eni-${networkCardIndex}${deviceIndex}`,
  deviceIndex,
  networkCardIndex,
});

/** B with its primary interface and these. */
export const candidate = (...slots: ReturnType<typeof slot>[]): MemberView => member(B, { slots: [slot(0), ...slots] });

export function placed(
  interfaces: readonly InterfaceView[],
  { on = candidate(), limits = T3_SMALL, remembered = [], carried = {}, running = [A, B] }: Given = {},
): Placement {
  const context = { tagPrefix: 'eni-failover:', remembered, carried, withheld: [], running: new Set(running) };
  return place(interfaces, on, limits, context);
}

interface Given {
  readonly on?: MemberView;
  readonly limits?: TypeLimits;
  readonly remembered?: readonly RecordedResource[];
  readonly carried?: Readonly<Record<string, EnaOptions>>;
  readonly running?: readonly string[];
}

export const devices = (result: Placement) =>
  'placed' in result ? result.placed.map((each) => `${each.deviceIndex}@${each.networkCardIndex}`) : result.fault.code;
export const noted = (id: string, deviceIndex: number, networkCardIndex = 0): RecordedResource => ({
  kind: 'interface',
  id,
  deviceIndex,
  networkCardIndex,
});
export const tag = (text: string) => ({ tags: { 'eni-failover:device-index': text } });
