/**
 * Measures what the bundle's settings buy: size, and the time Node takes to import it (median of fresh processes).
 * Run again at every SDK upgrade: `npx tsx bench/cold-start.ts [entry.ts] [processes]`
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { treeShakableSchemas } from '../build/esbuild-plugins.cjs';

const [entry = 'functions/failover.ts', processes = '9'] = process.argv.slice(2);

const modules: BuildOptions = { mainFields: ['module', 'main'] };
const VARIANTS: Record<string, BuildOptions> = {
  'esbuild defaults, minified': {},
  'mainFields module, main': modules,
  'the same, schema tables tree-shakable (what ships)': { ...modules, plugins: [treeShakableSchemas] },
};

function importMs(bundle: string): number {
  const script = `const t = performance.now(); require(${JSON.stringify(bundle)}); console.log(performance.now() - t)`;
  const env = { PATH: process.env['PATH'] ?? '', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  return Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', env }));
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function measure(name: string, options: BuildOptions, outfile: string): Promise<string> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    ...options,
  });
  const times = Array.from({ length: Number(processes) }, () => importMs(outfile));
  const kb = Math.round(statSync(outfile).size / 1024);
  return `${name.padEnd(52)} ${String(kb).padStart(5)} KB ${median(times).toFixed(0).padStart(5)} ms\n`;
}

async function main(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'cold-start-'));
  try {
    for (const [name, options] of Object.entries(VARIANTS))
      process.stdout.write(await measure(name, options, join(dir, 'bundle.js')));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

void main();
