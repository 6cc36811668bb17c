import type { InterfaceView } from '../../lib/core/model.ts';
import { type Bench, UNKNOWN } from './bench.ts';
import { eventually, failureOf } from './fixture.ts';

const STATE_TAG = 'eni-failover-state:contract';

export function tagging(bench: Bench): void {
  bench.should('write tags that can be read, and overwrite only those it names', async () => {
    const { cloud, floating } = bench.fixture;
    const other = `${STATE_TAG}-other`;
    try {
      await cloud.writeTags([floating.id], { [STATE_TAG]: 'one', [other]: 'a + b = c_d:e/f@g' });
      expect(await tagsWith(bench, 'one')).toEqual({
        ...floating.tags,
        [STATE_TAG]: 'one',
        [other]: 'a + b = c_d:e/f@g',
      });
      await cloud.writeTags([floating.id], { [STATE_TAG]: '' });
      expect(await tagsWith(bench, '')).toEqual({ ...floating.tags, [STATE_TAG]: '', [other]: 'a + b = c_d:e/f@g' });
    } finally {
      await bench.removeTags([floating.id], [STATE_TAG, other]);
    }
  });

  bench.should('write the tags of several interfaces at once', async () => {
    const { cloud, group, floating } = bench.fixture;
    const all = (await cloud.interfaces([group, `${group}-2`])).views.map(({ id }) => id);
    const written = async () => (await cloud.interfacesById(all)).views.map(({ tags }) => tags[STATE_TAG]);
    try {
      expect(all.length).toBeGreaterThan(1);
      expect(all).toContain(floating.id);
      await cloud.writeTags(all, { [STATE_TAG]: 'both' });
      await eventually(written, (values) => values.every((value) => value === 'both'), 'all tagged');
    } finally {
      await bench.removeTags(all, [STATE_TAG]);
    }
  });

  bench.should('call the tagging of an unknown interface gone', async () => {
    expect((await failureOf(bench.fixture.cloud.writeTags([UNKNOWN.eni], { [STATE_TAG]: 'x' }))).failure).toBe('gone');
  });
}

/** The tags of the floating interface, as soon as they show this value. */
async function tagsWith(bench: Bench, value: string): Promise<Readonly<Record<string, string>>> {
  const wanted = ({ tags }: InterfaceView) => tags[STATE_TAG] === value;
  return (await eventually(() => bench.look(), wanted, `${STATE_TAG}=${value}`)).tags;
}
