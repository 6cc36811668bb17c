import { decide } from '../../lib/core/decide.ts';
import { triage } from '../../lib/core/first-look.ts';
import { type Compared, type Note, plain, type Write } from './said.ts';
import { memoryOf, observationOf, type Recorded, tagsOf, triggerOf } from './translate.ts';

/** Asks today's code the recorded question. */
export function compare(recorded: Recorded): Compared {
  if (recorded.k === 'glance') {
    const { kind } = triage(observationOf(recorded.o, recorded.s), recorded.s);
    return { before: { kind: recorded.r['kind'] }, now: { kind } };
  }
  return recorded.k === 'edit' ? compareEdit(recorded) : compareDecision(recorded);
}

function decideNow({ t, o, s }: Recorded) {
  return decide(triggerOf(t), observationOf(o, s), memoryOf(o), s);
}

function compareDecision(recorded: Recorded): Compared {
  const { plan, note, ...before } = recorded.r as {
    plan?: { interfaces: readonly { interfaceId: string }[] };
    note?: Note;
  };
  const decision = decideNow(recorded);
  const { analysis, kind, code, reason, rejected, facts } = decision;
  const { resources, ...rest } = decision.plan ?? {};
  const moves = resources?.map(({ kind: _, id, ...move }) => ({ interfaceId: id, ...move }));
  return {
    before: plain({ ...before, plan, note: noteOf(note) }),
    now: plain({
      analysis,
      decision: kind,
      code,
      reason,
      rejected,
      warnings: facts.warnings,
      plan: decision.plan && { ...rest, interfaces: moves },
      note: noteOf(decision.write),
    }),
  };
}

function compareEdit(recorded: Recorded): Compared {
  const { edit, analysis } = recorded.r as {
    edit: { code: string; reason: string; tags: Write['tags'] };
    analysis: string;
  };
  const decision = decideNow(recorded);
  const { code, reason, write } = decision;
  return {
    before: plain({ code: edit.code, reason: edit.reason, analysis, tags: tagsOf(edit.tags) }),
    now: plain({ code, reason, analysis: decision.analysis, tags: write?.writes[0]?.tags }),
  };
}

/** A write to no interface at all is none. */
function noteOf(note: Note | undefined): Note | undefined {
  if (!note) return undefined;
  const writes = note.writes.filter(({ interfaceIds }) => interfaceIds.length > 0);
  return { writes: writes.map(({ interfaceIds, tags }) => ({ interfaceIds, tags: tagsOf(tags) })), news: note.news };
}
