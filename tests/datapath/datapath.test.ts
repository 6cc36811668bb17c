import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageOnce } from '../../build/packaging.ts';
import type { Experiment } from '../../demo/datapath/experiment.ts';
import { FAULT_NAMES, type FaultName, kindOf } from '../../demo/datapath/faults.ts';
import { PARTS } from '../../demo/datapath/parts.ts';
import type { Summary } from '../../demo/datapath/statistics.ts';
import { itHere, leftovers, newName, ownNetwork, play, printed, soon, start } from './command.ts';

beforeAll(async () => {
  await packageOnce();
});

type Seen = (answers: Readonly<Record<string, number>>, outageMs: number) => boolean;
const REFUSED = 'no answer (ECONNREFUSED)';
const SILENT = 'no answer (silent)';

/** How each fault looks to a client, which is how a probe will have to tell them apart. */
const SEEN: Readonly<Record<FaultName, Seen>> = {
  switchover: () => true,
  'kernel-hung': () => true,
  'host-gone': (answers) => !(REFUSED in answers),
  // The kernel accepts, and nobody ever answers.
  'processes-stuck': (answers) => SILENT in answers && !(REFUSED in answers),
  'processes-stuck-under-load': (answers, outageMs) => SILENT in answers && outageMs >= 3_000,
  'nginx-dead': (answers) => REFUSED in answers,
  'nginx-restarted': (answers, outageMs) => REFUSED in answers && outageMs >= 2_000,
  'nginx-slow': (answers, outageMs) => !(REFUSED in answers) && outageMs > 1_000,
  'security-group-closed': (answers) => SILENT in answers && !(REFUSED in answers),
  'no-policy-routing': (answers) => SILENT in answers && !(REFUSED in answers),
  'loss-3s': (_, outageMs) => outageMs >= 2_900,
  'guest-late': (_, outageMs) => outageMs >= 3_000,
  'probe-cut': () => true,
  'probe-starved': () => true,
};

describe('real hosts', () => {
  itHere('should show a switchover to a client: a short gap, and the standby answers', async () => {
    const untouched = ownNetwork();
    const { result, from, to, outageMs, parts, keepAlive, answers } = await play('--fault', 'switchover');
    expect([result, from, to]).toEqual(['moved', 'web-1', 'web-2']);
    expect([answers['web-1'], answers['web-2']].every((count = 0) => count > 10)).toBe(true);
    expect(Object.keys(parts ?? {})).toEqual(PARTS);
    expect(Object.values(parts ?? {}).reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(outageMs ?? 0, -1);
    // The standby knows nothing of a connection that the primary had.
    expect(keepAlive).toMatchObject({ fate: 'broken', why: 'ECONNRESET' });
    expect(ownNetwork()).toEqual(untouched);
    expect(leftovers()).toEqual([]);
  });

  itHere('should let the status check notice a hung kernel, and the interface be taken from it by force', async () => {
    const { result, timeline, detectionMs, moveMs, outageMs } = await play(
      '--fault',
      'kernel-hung',
      '--profile',
      'quick',
    );
    expect(result).toBe('moved');
    const told = (text: RegExp): number => timeline.findIndex((entry) => text.test(entry.text));
    const order = [
      /fails its instance check/,
      /OK -> ALARM/,
      /failover is invoked/,
      /^DetachNetworkInterface.*by force/,
    ];
    expect(order.map(told)).toEqual(order.map(told).toSorted((a, b) => a - b));
    expect(order.map(told)).not.toContain(-1);
    expect((detectionMs ?? 0) + (moveMs ?? 0)).toBeCloseTo(outageMs ?? 0, -1);
    expect(leftovers()).toEqual([]);
  });

  // What the hosts and the client make of each fault. The first two have tests of their own above.
  for (const fault of FAULT_NAMES.slice(2).filter((name) => kindOf(name, 0).needsProbe === undefined))
    itHere(`should come to what it has to: ${fault}`, async () => {
      const { timeline, ...came } = await play('--fault', fault);
      const isSeen = SEEN[fault](came.answers, came.outageMs ?? 0);
      // What there is to know of a run that went otherwise, because it may never do so again.
      const story = timeline.map(({ atMs, text }) => `${atMs} ${text}`).join('\n');
      if (!came.asExpected || !isSeen) throw new Error(`${JSON.stringify(came)}\n${story}`);
      expect(leftovers()).toEqual([]);
    });

  itHere('should be summed up over several runs, and make a page of them', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'report-')), 'report.html');
    const { status, out } = await start(['--json', '--runs', '2', '--report', file]).ended;
    const { summary, runs } = JSON.parse(out) as { summary: Summary; runs: readonly Experiment[] };
    expect([status, summary.asExpected, runs.length]).toEqual([0, 2, 2]);
    expect(summary.outage?.max).toBe(Math.max(...runs.map(({ outageMs }) => outageMs ?? 0)));
    expect(readFileSync(file, 'utf8')).toContain('2 of 2 runs');
    rmSync(dirname(file), { recursive: true });
    expect(leftovers()).toEqual([]);
  });

  itHere('should not meet another run beside them', async () => {
    const runs = await Promise.all([play('--fault', 'switchover'), play('--fault', 'switchover', '--seed', '2')]);
    expect(runs.map(({ result, asExpected }) => [result, asExpected])).toEqual([
      ['moved', true],
      ['moved', true],
    ]);
    expect(leftovers()).toEqual([]);
  });
});

const SIGNALS = [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  // Nobody can do anything any more when it comes.
  ['SIGKILL', null],
] as const;

describe('the end of a run', () => {
  itHere('should not come from another run of the same name', async () => {
    const name = newName();
    const first = start(['--fault', 'nginx-dead', '--name', name]);
    await printed(first, /nginx of the primary ends/);
    const { status, err } = await start(['--name', name]).ended;
    expect([status, err]).toEqual([
      1,
      expect.stringMatching(/^error: .*there is a run of this name already/) as string,
    ]);
    expect((await first.ended).status).toBe(0);
  });

  itHere('should come before anything is built where the port of a rig to be kept is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { status, out, err } = await start(['--hold', '--port', `${port}`]).ended;
    server.close();
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(new RegExp(`^error: --hold: port ${port} of 127\\.0\\.0\\.1 is taken.* --port\\.\n$`));
    expect(leftovers()).toEqual([]);
  });

  itHere('should leave nothing behind after Ctrl-C', async () => {
    const running = start(['--fault', 'nginx-dead'], { npm: true });
    await printed(running, /nginx of the primary ends/);
    expect(leftovers()).not.toEqual([]);
    process.kill(-(running.child.pid ?? 0), 'SIGINT');
    await running.ended;
    await soon(() => expect(leftovers()).toEqual([]));
  });

  for (const [signal, status] of SIGNALS)
    itHere(`should leave nothing behind after ${signal}, and have the status a shell knows it by`, async () => {
      const running = start(['--fault', 'nginx-dead']);
      await printed(running, /nginx of the primary ends/);
      running.child.kill(signal);
      expect((await running.ended).status).toBe(status);
      await soon(() => expect(leftovers()).toEqual([]));
    });

  itHere('should leave nothing behind after an error', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'broken-'));
    writeFileSync(join(folder, 'nginx'), '#!/bin/sh\necho "nginx is broken" >&2\nexit 1\n');
    chmodSync(join(folder, 'nginx'), 0o755);
    const { status, err } = await start([], { path: folder }).ended;
    rmSync(folder, { recursive: true });
    expect([status, err]).toEqual([1, expect.stringMatching(/^error: .*nginx is broken/) as string]);
    expect(leftovers()).toEqual([]);
  });
});
