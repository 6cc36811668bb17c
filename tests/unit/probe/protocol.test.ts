import {
  readConfirmReply,
  readProbeRequest,
  readWatchReply,
  type WatchReply,
  type WatchRequest,
} from '../../../lib/probe/protocol.ts';
import { verdictDetailSchema, verdictEvent } from '../../../lib/probe/verdict-event.ts';
import { readWatchInput, type WatchInput } from '../../../lib/watch/input.ts';
import { DOWN, evidence, floating, heard, looks, witness } from './evidence-of.ts';

const seen = evidence({
  floating: floating(looks('silent', 6)),
  own: witness(heard('answered', 'silent')),
  witnesses: { 'i-0123456789abcdef1': witness(heard('answered', 'answered')), 'i-0123456789abcdef2': witness([]) },
});

const request = (targets: number): WatchRequest => ({
  version: 1,
  kind: 'watch',
  runMs: 20_000,
  count: 3,
  endsOnSuspicion: true,
  isKnownSlow: false,
  targets: Array.from({ length: targets }, (_, i) => ({
    id: `eni-0123456789abc${1_000 + i}`,
    address: '10.123.123.123',
    target: 'https:8443/healthz',
    own: '10.123.123.124',
    standbys: ['1', '2'].map((n) => ({ id: `i-0123456789abcdef${n}`, address: '10.123.123.125' })),
    serviceAfterMs: 10_000,
    told: { verdict: 'unreachable' },
    evidence: seen,
  })),
});

const reply = (targets: number): WatchReply => ({
  version: 1,
  kind: 'watch',
  ended: 'verdict',
  endedAt: DOWN,
  slowRounds: 0,
  refused: [],
  targets: request(targets).targets.map(({ id }) => ({
    id,
    evidence: seen,
    judgement: { verdict: 'unreachable', acts: true, witness: 'i-0123456789abcdef1' },
  })),
});

const input = (groups: number): WatchInput => ({
  version: 1,
  readAt: DOWN,
  groups: Array.from({ length: groups }, (_, i) => ({
    group: `a-rather-long-name-of-a-group-${i}`,
    zone: 'eu-west-1a',
    holder: { id: 'i-0123456789abcdef0', address: '10.123.123.124' },
    interfaces: [
      {
        id: `eni-0123456789abc${1_000 + i}`,
        attachmentId: 'eni-attach-0123456789abcdef0',
        address: '10.123.123.123',
        target: 'https:8443/healthz',
      },
    ],
    standbys: [{ id: 'i-0123456789abcdef1', address: '10.123.123.125' }],
    acts: 'failover',
    serviceAfterSeconds: 10,
  })),
});

const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('the protocol', () => {
  it('should come through as it was sent', () => {
    expect(readProbeRequest(overTheWire(request(2)))).toEqual(request(2));
    expect(readWatchReply(overTheWire(reply(2)))).toEqual(reply(2));
    expect(readWatchInput(overTheWire(input(2)))).toEqual(input(2));
    const confirmed = {
      version: 1,
      kind: 'confirm',
      at: DOWN,
      isSlow: false,
      targets: [{ id: 'eni-1', floating: 'silent', own: 'silent', witnesses: [{ id: 'i-1', seen: 'refused' }] }],
    };
    expect(readConfirmReply(overTheWire(confirmed))).toEqual(confirmed);
  });

  /** 6 MB for a synchronous invocation, 256 KB for an asynchronous one (Lambda Developer Guide, "Lambda quotas"). */
  it('should be small enough for 300 targets', () => {
    expect(bytesOf(request(300))).toBeLessThan(1_000_000);
    expect(bytesOf(reply(300))).toBeLessThan(1_000_000);
    expect(bytesOf(input(300))).toBeLessThan(160_000);
  });

  it.each([
    [null, 'Invalid input'],
    ['text', 'Invalid input'],
    [{}, 'version'],
    [{ ...request(1), version: 2 }, 'version'],
    [{ ...request(1), kind: 'failover' }, 'kind'],
    [{ ...request(1), runMs: 20_001 }, 'runMs'],
    [{ ...request(1), runMs: Number.NaN }, 'runMs'],
    [{ ...request(1), count: 0 }, 'count'],
    [{ ...request(1), targets: [{ ...request(1).targets[0], target: 'htp:80' }] }, 'targets.0.target: is no target'],
    [{ ...request(1), targets: [{ ...request(1).targets[0], address: 1 }] }, 'targets.0.address'],
    [request(1_001), 'targets'],
    [{ version: 1, kind: 'confirm', targets: [{}] }, 'targets.0.id'],
  ])('should refuse a request that is none: %#', (bad, fault) => {
    expect(() => readProbeRequest(bad)).toThrow(fault);
    expect(() => readProbeRequest(bad)).toThrow(expect.objectContaining({ code: 'InvalidRequest' }));
  });

  it('should refuse a reply with a class of its own', () => {
    const bad = { ...reply(1), targets: [{ ...reply(1).targets[0], judgement: { verdict: 'down', acts: true } }] };
    expect(() => readWatchReply(bad)).toThrow('targets.0.judgement.verdict');
  });
});

describe('the event of a verdict', () => {
  it('should name what it is about, and no address', () => {
    const detail = {
      version: 1,
      group: 'web',
      interfaceId: 'eni-1',
      attachmentId: 'eni-attach-1',
      instanceId: 'i-1',
      verdict: 'unreachable',
      acts: true,
      at: Date.UTC(2026, 7, 20, 10),
      lastAnswerAt: null,
      found: 'silent',
      witness: { id: 'i-2', answeredAt: 1 },
      standbys: [{ instanceId: 'i-2', answers: true }],
      confirmed: 'both',
    } as const;
    const event = verdictEvent(verdictDetailSchema.parse(detail));
    expect(event).toEqual({
      version: '0',
      source: 'eni-failover.probe',
      'detail-type': 'Probe Verdict',
      time: '2026-08-20T10:00:00.000Z',
      detail,
    });
  });
});
