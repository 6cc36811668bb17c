import { createProber } from '../../../lib/aws/prober.ts';
import { createWatcher } from '../../../lib/aws/watcher.ts';
import type { WatchedGroup } from '../../../lib/watch/input.ts';

const REQUEST = { id: 'eni-1', address: '10.0.0.10', target: 'tcp:443', own: '10.0.0.1', standbys: [] };
const reply = (given: object = {}) => ({
  version: 1,
  kind: 'confirm',
  at: 1,
  isSlow: false,
  targets: [{ id: 'eni-1', floating: 'silent', own: 'silent', witnesses: [{ id: 'i-b', seen: 'answered' }] }],
  ...given,
});

/** Probes that answer like this, or throw it. */
function proberOf(answers: Readonly<Record<string, unknown>>) {
  const asked: unknown[][] = [];
  const ask = async (...call: readonly [string, unknown, number]) => {
    asked.push([...call]);
    const answer = answers[call[0]];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { prober: createProber(Object.keys(answers), { ask }), asked };
}

describe('one more look', () => {
  it('should be asked of every probe at once, with a deadline of its own', async () => {
    const { prober, asked } = proberOf({ one: reply(), two: reply({ isSlow: true }) });
    const seen = { floating: 'silent', own: 'silent', witnesses: ['answered'] };
    expect(await prober.look(REQUEST)).toEqual([
      { ...seen, isSlow: false },
      { ...seen, isSlow: true },
    ]);
    const request = { version: 1, kind: 'confirm', targets: [REQUEST] };
    expect(asked).toEqual([
      ['one', request, 2_500],
      ['two', request, 2_500],
    ]);
  });

  it.each([
    ['cannot be asked', new Error('Rate exceeded')],
    ['answers something else', { version: 2 }],
    ['answers about another interface', reply({ targets: [] })],
  ])('should be nothing of a probe that %s, and never throw', async (_, answer) => {
    expect(await proberOf({ one: answer }).prober.look(REQUEST)).toEqual([]);
    expect(await proberOf({ one: answer, two: reply() }).prober.look(REQUEST)).toHaveLength(1);
  });
});

describe('the start of a watch', () => {
  it('should be sent in parts that an asynchronous invocation can take', async () => {
    const sent: { name: string; groups: number; bytes: number }[] = [];
    const { start } = createWatcher('watch', {
      send: async (name, payload) => {
        const { groups } = payload as { groups: unknown[] };
        sent.push({ name, groups: groups.length, bytes: JSON.stringify(payload).length });
      },
    });
    const path = `/${'p'.repeat(60)}`;
    const group = (nth: number): WatchedGroup => ({
      group: `a-group-with-a-rather-long-name-${nth}`,
      zone: 'eu-central-1a',
      holder: { id: 'i-0123456789abcdef0', address: '10.100.100.100' },
      interfaces: [
        {
          id: 'eni-0123456789abcdef0',
          attachmentId: 'eni-attach-0123456789abcdef0',
          address: '10.100.100.101',
          target: `https:8443${path}`,
        },
      ],
      standbys: [{ id: 'i-0123456789abcdef1', address: '10.100.100.102' }],
      acts: 'failover',
      serviceAfterSeconds: 10,
    });
    await start({ version: 1, readAt: 0, groups: Array.from({ length: 700 }, (_, nth) => group(nth)) });
    expect(sent.map(({ groups }) => groups)).toEqual([300, 300, 100]);
    for (const { bytes } of sent) expect(bytes).toBeLessThan(256 * 1024);
  });
});
