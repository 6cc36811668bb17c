import { GROUP_NAME } from '../core/tags.ts';
import type { Parsed } from '../core/model.ts';
import { FailoverError } from '../errors.ts';
import { VERDICT_DETAIL_TYPE, VERDICT_SOURCE, verdictDetailSchema } from '../probe/verdict-event.ts';
import { type EventKind, readDetail } from './envelope.ts';

/**
 * The probe says what became of an interface. No rule sends it: `watch` invokes the function with it, and it can never
 * be read as a person's request.
 *
 * @example
 * {
 *   "version": "0", "source": "eni-failover.probe", "detail-type": "Probe Verdict", "time": "2026-08-20T10:03:12.000Z",
 *   "detail": {
 *     "version": 1, "group": "web", "interfaceId": "eni-0123456789abcdef0", "attachmentId": "eni-attach-0123456789abcdef0",
 *     "instanceId": "i-0123456789abcdef0", "verdict": "unreachable", "acts": true, "at": 1787220192000,
 *     "lastAnswerAt": 1787220188000, "found": "silent", "witness": { "id": "i-0123456789abcdef1", "answeredAt": 1787220191500 },
 *     "standbys": [{ "instanceId": "i-0123456789abcdef1", "answers": true, "passes": true }], "confirmed": "both"
 *   }
 * }
 */
export const verdictEventKind: EventKind = {
  source: VERDICT_SOURCE,
  detailType: VERDICT_DETAIL_TYPE,
  parse(detail): Parsed {
    const verdict = readDetail(verdictDetailSchema, detail, "probe's");
    const { group, instanceId } = verdict;
    // It becomes part of a filter, in which `*` and `?` mean something.
    if (!GROUP_NAME.test(group))
      throw new FailoverError('UnsupportedEvent', "The probe's event is not in the documented form:", [
        `detail.group: must be 1 to 64 letters, digits, '.', '_' or '-'`,
      ]);
    return { kind: 'trigger', trigger: { kind: 'verdict', group, instanceIds: [instanceId], verdict } };
  },
};
