import { createInterface } from 'node:readline';
import type { Delivery } from '../lab/bus/bus.ts';
import type { World } from '../lab/world/world.ts';
import { lineOf, say } from './narrator.ts';
import { Witness } from './witness.ts';
import type { TimelineEntry } from './timeline.ts';

/** What a person may do to an instance by typing it. */
const HANDS: Readonly<Record<string, (world: World, id: string) => void>> = {
  fail: (world, id) => world.failInstance(id),
  hang: (world, id) => world.failInstance(id, { hangsDetach: true }),
  recover: (world, id) => world.recoverInstance(id),
  stop: (world, id) => world.stopInstance(id),
  start: (world, id) => world.startInstance(id),
  terminate: (world, id) => world.terminateInstance(id),
  spot: (world, id) => world.spotWarning(id),
};

/** What somebody who looks on need not see: each look of whoever looks, and the sweeps that find nothing. */
const QUIET = /^(Describe|List|Get)|-sweep\b|as a dry run/;

/** Prints what happens in a served world, and does to it what a person types. */
export class Live {
  readonly #world: World;
  readonly #witness: Witness;

  constructor(world: World) {
    this.#world = world;
    this.#witness = new Witness(world.clock, (entry) => this.#tell(entry));
    world.onFact((fact) => this.#witness.fact(fact));
  }

  readonly log = (line: string): void => {
    if (line.startsWith('{')) this.#witness.tell('log', line);
  };

  readonly deliver = (delivery: Delivery): void => this.#witness.delivery(delivery);

  /** Takes lines like `stop web-1`, until there are no more. */
  listen(): void {
    say(`Type one of ${Object.keys(HANDS).join(', ')} and an instance: stop web-1. Ctrl-C ends the lab.`);
    createInterface({ input: process.stdin }).on('line', (line) => {
      const refusal = this.#act(line.trim());
      if (refusal !== undefined) say(refusal);
    });
  }

  /** @returns what is wrong with the line, if something is. */
  #act(line: string): string | undefined {
    if (line === '') return undefined;
    const [verb = '', who = ''] = line.split(/\s+/);
    const hand = HANDS[verb];
    const instance = this.#instances().find(({ id, tags }) => id === who || tags['Name'] === who);
    if (hand === undefined) return `'${verb}' is none of ${Object.keys(HANDS).join(', ')}.`;
    if (instance === undefined) return `There is no instance '${who}': ${this.#instances().map(nameOf).join(', ')}.`;
    hand(this.#world, instance.id);
    return undefined;
  }

  #instances() {
    return this.#world.instances.all();
  }

  #tell(entry: TimelineEntry): void {
    if (QUIET.test(entry.text)) return;
    const named = [...this.#instances(), ...this.#world.interfaces.all()];
    say(
      lineOf(
        entry,
        named.map((each) => [each.id, nameOf(each)] as const),
      ),
    );
  }
}

const nameOf = ({ id, tags }: { readonly id: string; readonly tags: Readonly<Record<string, string>> }): string =>
  tags['Name'] ?? id;
