import type { World } from '../../lab/world/world.ts';
import type { Cast, CastGroup } from './build.ts';
import type { Features } from './features.ts';
import type { Hands } from './hands.ts';
import type { History } from './history.ts';
import type { Lambda } from './lambda.ts';
import type { Scenario } from './scenario.ts';

/** Everything a history is played with. */
export interface Stage {
  readonly world: World;
  readonly scenario: Scenario;
  readonly features: Features;
  readonly cast: Cast;
  readonly history: History;
  readonly lambda: Lambda;
  readonly hands: Hands;
}

/** The instance that holds a group, as far as one does. */
export function holderOf(world: World, group: CastGroup): string | undefined {
  return [...group.interfaces].sort().flatMap((id) => world.holderOf(id) ?? [])[0];
}
