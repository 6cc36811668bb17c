import * as fc from 'fast-check';
import { type Decision, decide } from '../../../lib/core/decide.ts';
import { freshMemory, type Memory } from '../../../lib/core/memory.ts';
import type { InterfaceView, MemberView, Observation, Trigger } from '../../../lib/core/model.ts';
import type { Plan } from '../../../lib/core/plan.ts';
import { isExcluded } from '../../../lib/core/tags.ts';
import { anyMemory, anyObservation, anyTrigger } from '../../support/arbitraries.ts';
import { attachment, ledger, ledgerTags, NOW, settings } from '../../support/observation.ts';

/** A fixed seed: the same groups every time. Raise the number, or leave the seed out, to look for more. */
const RUNS = { numRuns: 300, seed: 20_260_820 };
const decided = (trigger: Trigger, seen: Observation, memory: Memory) => decide(trigger, seen, memory, settings());

function forEveryAct(check: (plan: Plan, seen: Observation, decision: Decision) => void): void {
  let acts = 0;
  fc.assert(
    fc.property(anyTrigger, anyObservation, anyMemory, (trigger, seen, memory) => {
      const decision = decided(trigger, seen, memory);
      if (!decision.plan) return;
      acts += 1;
      check(decision.plan, seen, decision);
    }),
    RUNS,
  );
  // A property that never sees an act would prove nothing.
  expect(acts).toBeGreaterThan(RUNS.numRuns / 10);
}

function targetOf(plan: Plan, seen: Observation): MemberView {
  const target = seen.members.find(({ id }) => id === plan.to);
  if (!target) throw new Error(`${plan.to} is no member`);
  return target;
}

const comparable = ({ facts: _, succession: __, ...rest }: Decision) => rest;

describe('any decision', () => {
  it('should come without an exception and with a sentence', () => {
    fc.assert(
      fc.property(anyTrigger, anyObservation, anyMemory, (trigger, seen, memory) => {
        const { reason, rejected } = decided(trigger, seen, memory);
        for (const sentence of [reason, ...rejected.map((each) => each.reason)]) {
          expect(sentence).toMatch(/^[^\n]{3,}$/);
          expect(sentence).not.toMatch(/undefined|NaN|\[object/);
        }
      }),
      RUNS,
    );
  });

  it('should be the same for the same input, whatever JSON it went through', () => {
    fc.assert(
      fc.property(anyTrigger, anyObservation, anyMemory, (trigger, seen, memory) => {
        const copy = JSON.parse(JSON.stringify(seen)) as Observation;
        expect(comparable(decided(trigger, copy, memory))).toEqual(comparable(decided(trigger, seen, memory)));
      }),
      RUNS,
    );
  });

  it('should not depend on the order of members and alarms', () => {
    fc.assert(
      fc.property(anyTrigger, anyObservation, anyMemory, (trigger, seen, memory) => {
        const turned: Observation = { ...seen, members: [...seen.members].reverse(), signals: byMember(seen) };
        const [one, other] = [decided(trigger, seen, memory), decided(trigger, turned, memory)];
        expect([other.analysis, other.kind, other.code]).toEqual([one.analysis, one.kind, one.code]);
        expect(other.plan).toEqual(one.plan);
        const sorted = ({ rejected }: Decision) =>
          [...rejected].map(({ instanceId, code }) => `${instanceId} ${code}`).sort();
        expect(sorted(other)).toEqual(sorted(one));
      }),
      RUNS,
    );
  });

  it('should name each member at most once among the rejected, and not the one that takes over', () => {
    fc.assert(
      fc.property(anyTrigger, anyObservation, anyMemory, (trigger, seen, memory) => {
        const decision = decided(trigger, seen, memory);
        const rejected = decision.rejected.map(({ instanceId }) => instanceId);
        expect(new Set(rejected).size).toBe(rejected.length);
        if (decision.plan && decision.code === 'failover') expect(rejected).not.toContain(decision.plan.to);
      }),
      RUNS,
    );
  });

  it('should say, where automation is held up, whether anybody could have taken over', () => {
    let heldUp = 0;
    fc.assert(
      fc.property(anyTrigger, anyObservation, anyMemory, (trigger, seen, memory) => {
        const { code, reason, rejected, succession } = decided(trigger, seen, memory);
        if (!['mode-manual', 'paused', 'cooldown'].includes(code)) return;
        heldUp += 1;
        expect(rejected).toEqual(succession.rejected);
        expect(reason.endsWith(' Nobody could take over, either.')).toBe(succession.successor === undefined);
      }),
      { ...RUNS, numRuns: 1_000 },
    );
    expect(heldUp).toBeGreaterThan(5);
  });
});

/** The signals in another order; those of one member stay as they are. */
function byMember({ signals }: Observation): Observation['signals'] {
  return [...signals].sort((one, other) => other.instanceId.localeCompare(one.instanceId));
}

/** A plan may also only close the books over what has arrived already. */
const movesSomething = (plan: Plan): boolean => plan.resources.some(({ enter }) => enter !== undefined);

describe('any act', () => {
  it('should go to a member in the zone and account of every interface', () => {
    forEveryAct((plan, seen) => {
      if (!movesSomething(plan)) return;
      const target = targetOf(plan, seen);
      expect(seen.interfaces.map(({ zone }) => zone)).toEqual(seen.interfaces.map(() => target.zone));
      expect(seen.interfaces.map(({ ownerId }) => ownerId)).toEqual(seen.interfaces.map(() => target.ownerId));
    });
  });

  it('should go to a running member that is not excluded, unless it goes back where it was', () => {
    forEveryAct((plan, seen, { facts }) => {
      if (!movesSomething(plan)) return;
      const target = targetOf(plan, seen);
      const refuge = plan.kind === 'roll-back' || (plan.action === 'attach' && plan.to === facts.ledger?.holder);
      if (refuge) return expect(['running', 'stopped']).toContain(target.state);
      expect(target.state).toBe('running');
      expect(isExcluded(target, 'eni-failover:')).toBe(false);
    });
  });

  it('should attach nothing to a member that EC2 has refused already', () => {
    forEveryAct((plan, _, { facts }) => {
      // Where all is there already, only the ledger is closed: EC2 is asked for nothing.
      if (plan.resources.every(({ enter }) => enter === undefined)) return;
      expect(Object.keys(facts.memory.refused)).not.toContain(plan.to);
    });
  });

  it('should leave alone what is at the target, and bring there everything else', () => {
    forEveryAct((plan, seen) => {
      expect(plan.resources.map(({ id }) => id)).toEqual(seen.interfaces.map(({ id }) => id));
      for (const [index, move] of plan.resources.entries()) {
        const at = seen.interfaces[index]?.attachment;
        const there = at?.instanceId === plan.to && at?.status !== 'detaching';
        expect([move.leave !== undefined, move.enter !== undefined]).toEqual([!there && at !== undefined, !there]);
        expect(move.leave?.attachmentId).toBe(there ? undefined : at?.id);
      }
    });
  });

  it('should give each interface a device of its own that is free on the target', () => {
    forEveryAct((plan, seen) => {
      const entering = plan.resources.flatMap(({ id, enter }) => (enter ? [{ interfaceId: id, ...enter }] : []));
      const key = (slot: { deviceIndex: number; networkCardIndex: number }) =>
        `${slot.networkCardIndex}/${slot.deviceIndex}`;
      const taken = targetOf(plan, seen)
        .slots.filter(({ interfaceId }) => !entering.some((move) => move.interfaceId === interfaceId))
        .map(key);
      const all = [...taken, ...entering.map(key)];
      expect(new Set(all).size).toBe(all.length);
    });
  });

  it('should be automatic exactly when no person asked', () => {
    fc.assert(
      fc.property(anyTrigger, anyObservation, anyMemory, (trigger, seen, memory) => {
        const decision = decided(trigger, seen, memory);
        if (decision.plan?.kind !== 'new') return;
        expect(decision.plan.automatic).toBe(trigger.kind !== 'request');
      }),
      RUNS,
    );
  });
});

/** The world after a new move was carried out and recorded. */
function applied(plan: Plan, seen: Observation): Observation {
  const tags = ledgerTags(ledger({ holder: plan.to, movedAt: NOW, changedAt: NOW }));
  const interfaces = plan.resources.flatMap(({ id: interfaceId, enter }): InterfaceView[] => {
    const view = seen.interfaces.find(({ id }) => id === interfaceId);
    if (!view) return [];
    const at = enter ?? view.attachment ?? { deviceIndex: 1, networkCardIndex: 0 };
    const moved = attachment(interfaceId, plan.to, {
      deviceIndex: at.deviceIndex,
      networkCardIndex: at.networkCardIndex,
    });
    return [{ ...view, attachment: moved, tags: { ...view.tags, ...tags } }];
  });
  const members = seen.members.map((each) => {
    const own = each.slots.filter((slot) => !interfaces.some(({ id }) => id === slot.interfaceId));
    const arrived = interfaces.flatMap(({ id, attachment: at }) =>
      at && each.id === plan.to
        ? [{ interfaceId: id, deviceIndex: at.deviceIndex, networkCardIndex: at.networkCardIndex }]
        : [],
    );
    return { ...each, slots: [...own, ...arrived] };
  });
  return { ...seen, now: NOW + 10_000, interfaces, members };
}

describe('a duplicate of the trigger', () => {
  const later = freshMemory('run-3');

  it('should move nothing once the move was carried out', () => {
    let moves = 0;
    fc.assert(
      fc.property(anyTrigger, anyObservation, anyMemory, (trigger, seen, memory) => {
        const first = decided(trigger, seen, memory);
        if (!first.plan || first.plan.kind === 'roll-back') return;
        // What the trigger asks for comes after somebody else's move was completed: not a duplicate yet.
        if (first.plan.kind === 'complete' && trigger.kind === 'request') return;
        if (trigger.kind === 'interruption' && trigger.instanceIds.includes(first.plan.to)) return;
        // A person who vouched for a sick target, or an interface that found refuge on one: that is a new failure.
        const health = decided({ kind: 'sweep' }, applied(first.plan, seen), later).facts.holderHealth;
        if (health?.verdict === 'failed') return;
        moves += 1;
        const again = decided(trigger, applied(first.plan, seen), later);
        expect(again.plan).toBeUndefined();
      }),
      RUNS,
    );
    expect(moves).toBeGreaterThan(30);
  });
});
