import { OF_THE_PROBES } from '../probe/verdict.ts';
import type { WarningCode } from './codes.ts';
import type { Ledger, ProbeNote } from './ledger.ts';
import { shortId } from './ledger-entries.ts';
import type { InterfaceView } from './model.ts';
import type { ProbeSettings } from './probe-settings.ts';
import { wasMovedByProbe } from './silent.ts';
import { warning } from './warnings.ts';

/** The code under which a tag that cannot be read is noted. */
export const MALFORMED = 'probe-malformed';
/** The same for an interface in a VPC where no probe is. */
export const OUT_OF_REACH = 'probe-out-of-reach';

/** How the memory that the probes need is noted. */
export const neededReason = (mb: number): string => `${mb}-mb`;

/** The note of an interface, unless it is about an earlier attachment. */
export function probeNoteOf({ id, attachment }: InterfaceView, ledger: Ledger | undefined): ProbeNote | undefined {
  const note = ledger?.probe?.find(({ short }) => short === shortId(id));
  return note && note.at >= (attachment?.attachedAt ?? 0) ? note : undefined;
}

/** What was told of the probe and is so still, as what is to be put right: one sentence each. */
export function probeWarnings(
  interfaces: readonly InterfaceView[],
  ledger: Ledger | undefined,
  { targets, malformed }: ProbeSettings,
): readonly string[] {
  const noted = interfaces.flatMap((view) => {
    const note = probeNoteOf(view, ledger);
    const holder = view.attachment?.instanceId ?? 'nobody';
    if (!note || note.code === MALFORMED || !targets.has(view.id)) return [];
    if (OF_THE_PROBES.includes(note.code)) return [ofTheProbes(note)];
    const what = note.reason === undefined ? note.code : `${note.code} (${note.reason})`;
    if (note.code === OUT_OF_REACH)
      return [warning(OUT_OF_REACH, `${view.id} is in ${view.vpcId}, where no probe is.`)];
    const sentence = `The probe has said of ${view.id} on ${holder}: ${what}, at ${new Date(note.at).toISOString()}.`;
    return [warning(codeOf(note, ledger, holder), sentence)];
  });
  return [...[...malformed.values()].map((sentence) => warning(MALFORMED, sentence)), ...noted];
}

/** It is not about the holder. */
function ofTheProbes({ code, reason = '', at }: ProbeNote): string {
  const since = `since ${new Date(at).toISOString()}`;
  const [mb] = /^\d+(?=-mb$)/.exec(reason) ?? [];
  return code === 'probe-slow'
    ? warning(code, `A probe has lagged behind ${since}, and sees no failure: set probeMemoryMb higher.`)
    : warning(
        'probe-over-capacity',
        `The probes have had too much to look at ${since}: set probeMemoryMb to ${mb ?? 'more'}.`,
      );
}

function codeOf({ code }: ProbeNote, ledger: Ledger | undefined, holder: string): WarningCode {
  if (code === 'probe-never-answered') return wasMovedByProbe(ledger, holder) ? 'moved-not-serving' : code;
  return code === 'probe-blind' || code === 'probe-no-witness' || code === OUT_OF_REACH ? code : 'probe-reported';
}
