/** One holder that has fallen silent. */
export interface Silence {
  readonly zone: string;
  readonly instanceId: string;
  readonly since: number;
}

const MASS_HOLDERS = 3;
const MASS_SHARE = 1 / 3;
const MASS_WINDOW_MS = 10_000;

/**
 * The zones in which so many holders fell silent at once that one probe's word is not enough: three or more, and more
 * than a third of the zone's, within 10 s.
 * @param holders how many holders are watched in each zone.
 */
export function massSilence(silences: readonly Silence[], holders: ReadonlyMap<string, number>): ReadonlySet<string> {
  const zones = new Set<string>();
  for (const { zone, since } of silences) {
    const isNear = (each: Silence): boolean => each.since >= since && each.since - since <= MASS_WINDOW_MS;
    const near = silences.filter((each) => each.zone === zone && isNear(each));
    const count = new Set(near.map(({ instanceId }) => instanceId)).size;
    if (count >= MASS_HOLDERS && count > (holders.get(zone) ?? 0) * MASS_SHARE) zones.add(zone);
  }
  return zones;
}
