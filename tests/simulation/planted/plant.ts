import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { drawScenario } from '../draw.ts';
import type { DrawnFeature } from '../features.ts';
import type { MakeProduct } from '../../../cases/product.ts';
import { runSeed } from '../simulate.ts';
import type { PlantedBug } from './bug.ts';

const ROOT = process.cwd();
/** Inside node_modules, so that the bundle finds the packages it leaves out. */
const OUT = path.join(ROOT, 'node_modules', '.cache', 'eni-failover-planted');

/** The source with the bug in it; a patch that does not fit any more is an error, not a bug that is never caught. */
export function patched({ name, file, find, replace, also }: PlantedBug): string {
  const source = readFileSync(path.join(ROOT, file), 'utf8');
  return [{ find, replace }, ...(also ? [also] : [])].reduce((text, each) => {
    const count = text.split(each.find).length - 1;
    if (count !== 1) throw new Error(`"${name}": its place occurs ${count} times in ${file}, not once`);
    return text.replace(each.find, () => each.replace);
  }, source);
}

/** Builds the product with a bug in it. */
export async function plant(bug: PlantedBug): Promise<MakeProduct> {
  const { makeProduct } = (await planted(bug, 'cases/product.ts')) as { makeProduct: MakeProduct };
  return makeProduct;
}

/** Builds what a file exports with a bug in it. @param entry from the root of the repository */
export async function planted(bug: PlantedBug, entry: string): Promise<unknown> {
  const target = path.join(ROOT, bug.file);
  const contents = patched(bug);
  const patch: Plugin = {
    name: 'planted-bug',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, ({ path: file }) => (file === target ? { contents, loader: 'ts' } : undefined));
    },
  };
  const outfile = path.join(OUT, `${bug.name.replace(/\W+/g, '-')}.cjs`);
  await mkdir(OUT, { recursive: true });
  await build({
    entryPoints: [path.join(ROOT, entry)],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    outfile,
    plugins: [patch],
    logLevel: 'silent',
  });
  return (await import(outfile)) as unknown;
}

export interface Caught {
  readonly seed: number;
  readonly by: string;
}

/** The first seed that catches the bug, and what it says. @param needs seeds that do not draw this are not played */
export async function hunt(
  makeProduct: MakeProduct,
  from: number,
  count: number,
  needs?: DrawnFeature,
): Promise<Caught | undefined> {
  for (let seed = from; seed < from + count; seed += 1) {
    if (needs !== undefined && !drawScenario(seed).extras.includes(needs)) continue;
    const [by] = (await runSeed(seed, { makeProduct })).violations;
    if (by !== undefined) return { seed, by };
  }
  return undefined;
}
