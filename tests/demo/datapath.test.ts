import { networkOf } from '../../demo/datapath/agent.ts';
import { countAnswers, fateOf, outageIn } from '../../demo/datapath/outage.ts';
import { partsOf } from '../../demo/datapath/parts.ts';
import type { Attempt, LongEvent } from '../../demo/datapath/prober.ts';
import { milliseconds, reportOf } from '../../demo/datapath/report.ts';
import { missingParts } from '../../demo/datapath/requirements.ts';
import type { Experiment } from '../../demo/datapath/experiment.ts';
import { figuresOf, summaryOf } from '../../demo/datapath/statistics.ts';
import { namespaceOf, newRunId, placesOf, portOf } from '../../demo/datapath/topology.ts';

const answer = (endMs: number, host: string): Attempt => ({ startMs: endMs - 1, endMs, host, why: undefined });
const miss = (endMs: number, why: string): Attempt => ({ startMs: endMs - 1, endMs, host: undefined, why });

describe('an outage', () => {
  const attempts = [answer(10, 'a'), answer(14, 'a'), miss(40, 'silent'), answer(60, 'b'), answer(64, 'b')];

  it('should be the longest time between two answers, and say whose they were', () => {
    expect(outageIn(attempts, 12, 70)).toEqual({ startMs: 14, endMs: 60, ms: 46, before: 'a', after: 'b' });
  });

  it('should not be looked for before the trouble, but for the last answer', () => {
    const quiet = [answer(0, 'a'), answer(500, 'a'), answer(504, 'a'), answer(520, 'a')];
    expect(outageIn(quiet, 506, 524)).toEqual({ startMs: 504, endMs: 520, ms: 16, before: 'a', after: 'a' });
  });

  it('should have no end where nobody answers any more', () => {
    const lost = [answer(10, 'a'), miss(30, 'ECONNREFUSED')];
    expect(outageIn(lost, 11, 1_000)).toEqual({
      startMs: 10,
      endMs: undefined,
      ms: 990,
      before: 'a',
      after: undefined,
    });
  });

  it('should be read in the order of the answers, not in that of the attempts', () => {
    const late = [answer(10, 'a'), answer(50, 'b'), answer(12, 'a')];
    expect(outageIn(late, 0, 50)).toMatchObject({ startMs: 12, endMs: 50 });
  });

  it('should be none where nobody ever answered', () => {
    expect(outageIn([miss(10, 'silent')], 0, 20)).toBeUndefined();
  });

  it('should come with a count of who answered, and of why nobody did', () => {
    expect(countAnswers(attempts)).toEqual({ a: 2, b: 2, 'no answer (silent)': 1 });
  });
});

describe('a long connection', () => {
  const kept = (atMs: number): LongEvent => ({ kind: 'kept', atMs, what: 'a' });

  it.each([
    ['survived', [kept(90), kept(2_000)], { fate: 'survived' }],
    ['silent', [kept(90), kept(110)], { fate: 'silent', lastMs: 10 }],
    [
      'broken',
      [kept(95), { kind: 'kept-end', atMs: 400, what: 'ECONNRESET' } as const],
      { fate: 'broken', why: 'ECONNRESET', lastMs: -5, toldMs: 300 },
    ],
  ])('should be told to have %s', (_, events, fate) => {
    expect(fateOf(events, 'kept', 100, 1_900)).toEqual(fate);
  });
});

describe('the parts of an outage', () => {
  const outage = { startMs: 1_000, endMs: 9_000, ms: 8_000, before: 'a', after: 'b' };
  const call = (action: string, atMs: number, input = {}, outcome = 'ok') =>
    ({ action, atMs, sentMs: atMs, input, outcome, requestId: 'r', service: 'ec2', caller: 'f' }) as const;
  const calls = [
    call('DescribeInstances', 6_100),
    call('AttachNetworkInterface', 6_150, { DryRun: true }),
    call('DetachNetworkInterface', 6_200, {}, 'RequestLimitExceeded'),
    call('DetachNetworkInterface', 6_500),
    call('AttachNetworkInterface', 8_500),
  ];
  // The sweep that found nothing is not the one that moved, nor is what came when all was done.
  const runs = [
    { functionName: 'sweep', invokedMs: 3_000 },
    { functionName: 'f', invokedMs: 6_000 },
    { functionName: 'f', invokedMs: 8_950 },
  ];

  it('should follow one another and add up to it', () => {
    const parts = partsOf({ outage, calls, runs, attachedMs: 8_900 });
    expect(parts).toEqual({ detection: 5_000, confirmation: 500, detach: 2_000, attach: 400, guest: 100 });
  });

  it('should leave out what was before the last answer: a healthy holder serves until it is detached', () => {
    const later = { ...outage, startMs: 6_510, ms: 2_490 };
    const parts = partsOf({ outage: later, calls, runs, attachedMs: 8_900 });
    expect(parts).toEqual({ detection: 0, confirmation: 0, detach: 1_990, attach: 400, guest: 100 });
  });

  it('should begin, on request of a person, with the first call of the function', () => {
    const parts = partsOf({ outage, calls, runs: [], attachedMs: 8_900 });
    expect(parts).toMatchObject({ detection: 5_100, confirmation: 400 });
  });

  it('should have no detach where the end of the instance had freed the interface', () => {
    const freed = calls.filter(({ action }) => action !== 'DetachNetworkInterface');
    const parts = partsOf({ outage, calls: freed, runs, attachedMs: 8_900 });
    expect(parts).toEqual({ detection: 5_000, confirmation: 2_500, detach: 0, attach: 400, guest: 100 });
  });

  it('should be unknown where nothing moved, or nobody answered afterwards', () => {
    expect(partsOf({ outage, calls: [], runs, attachedMs: undefined })).toBeUndefined();
    expect(partsOf({ outage: { ...outage, endMs: undefined }, calls, runs, attachedMs: 8_900 })).toBeUndefined();
  });
});

describe('several runs', () => {
  const run = (outageMs: number, bareMs: number, more: Partial<Experiment> = {}): Experiment => ({
    fault: 'switchover',
    probes: 0,
    result: 'moved',
    asExpected: true,
    from: 'web-1',
    to: 'web-2',
    bareMs: [bareMs],
    outageMs,
    detectionMs: 0,
    moveMs: outageMs,
    parts: { detection: 0, confirmation: 0, detach: outageMs / 2, attach: 0, guest: outageMs / 2 },
    keepAlive: { fate: 'survived' },
    download: { fate: 'survived' },
    answers: {},
    proberPausedMs: 3,
    timeline: [],
    ...more,
  });

  it('should be summed up by median, 95th percentile and maximum', () => {
    expect(figuresOf([])).toBeNull();
    expect(figuresOf([3, 1, 2])).toEqual({ median: 2, p95: 3, max: 3 });
    expect(figuresOf([4, 1, 2, 3])).toEqual({ median: 2.5, p95: 4, max: 4 });
    const hundred = Array.from({ length: 100 }, (_, nth) => nth + 1);
    expect(figuresOf(hundred)).toEqual({ median: 50.5, p95: 95, max: 100 });
  });

  it('should be compared with the bare moves of the same runs, and leave out what went wrong', () => {
    const wrong = run(9_999, 9_999, { asExpected: false });
    expect(summaryOf([run(60, 20), run(80, 30), wrong])).toMatchObject({
      runs: 3,
      asExpected: 2,
      outage: { median: 70, max: 80 },
      bareMove: { median: 25 },
      ratio: 2.8,
      parts: { detach: { median: 35 }, detection: { max: 0 } },
    });
  });

  it('should not be compared where something had to notice the trouble first', () => {
    const parts = { detection: 5_000, confirmation: 0, detach: 0, attach: 0, guest: 0 };
    expect(summaryOf([run(5_000, 20, { parts })]).ratio).toBeNull();
  });

  it('should make a page that needs nothing else, with a bar for each part of each run', () => {
    const experiments = [run(60, 20), run(80, 30), run(100, 25, { parts: null })];
    const summary = summaryOf(experiments);
    const page = reportOf({ fault: 'switchover', profile: 'instant', probes: 0, experiments, summary });
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/(src|href)=|NaN|undefined|<script/);
    expect(page.match(/<rect /g)).toHaveLength(5 + 5 + 1);
    expect(page).toContain('3 of 3 runs');
    expect(page).toContain('<td><b>outage</b></td><td>80 ms</td><td>100 ms</td><td>100 ms</td>');
  });

  it.each([
    [29.34, '29.3 ms'],
    [480.4, '480 ms'],
    [12_345, '12.3 s'],
  ])('should give %d as %s', (ms, text) => {
    expect(milliseconds(ms)).toBe(text);
  });
});

describe('what the data path needs', () => {
  const all = { platform: 'linux', user: 0, has: () => true, isolates: () => true } as const;

  it('should be said with the Debian package it comes in', () => {
    expect(missingParts(all)).toEqual([]);
    expect(missingParts({ ...all, has: (tool) => tool === 'ip' })).toEqual([
      'nft, which is in the Debian package nftables.',
      'nginx, which is in the Debian package nginx.',
      'All of them: apt-get install nftables nginx',
    ]);
    expect(missingParts({ ...all, user: 1000 })).toEqual(['root: only root may make network namespaces.']);
    expect(missingParts({ ...all, isolates: () => false })).toEqual([
      'leave to make network namespaces: a container needs CAP_SYS_ADMIN and CAP_NET_ADMIN.',
    ]);
    expect(missingParts({ ...all, platform: 'darwin' })).toEqual(['Linux: network namespaces exist nowhere else.']);
  });
});

describe('names', () => {
  it('should be those of one run, and short enough for the kernel', () => {
    const host = { instanceId: 'i-1', name: 'web-1', address: '10.0.0.10', mac: '' };
    const [one, two] = [newRunId(), newRunId()];
    expect(namespaceOf(one, 'client')).not.toBe(namespaceOf(two, 'client'));
    expect(new Set(placesOf({ hosts: [host] })).size).toBe(6);
    expect(portOf(host).length).toBeLessThan(16);
  });

  it.each([
    ['10.0.0.20', 24, '10.0.0.0/24'],
    ['10.0.1.20', 28, '10.0.1.16/28'],
    ['203.0.113.255', 30, '203.0.113.252/30'],
  ])('should be found for networks: %s/%d is in %s', (address, prefix, network) => {
    expect(networkOf(address, prefix)).toBe(network);
  });
});
