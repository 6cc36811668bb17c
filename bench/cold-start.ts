/**
 * Measures what the bundle's settings buy: size, and the time Node takes to import it (median of fresh processes).
 * Run again at every SDK upgrade: `npx tsx bench/cold-start.ts [entry.ts] [processes]`
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { type BuildOptions, build } from 'esbuild';
import { command, count, runCommand } from '../build/command-line.ts';
import { treeShakableSchemas } from '../build/esbuild-plugins.cjs';

const modules: BuildOptions = { mainFields: ['module', 'main'] };
const VARIANTS: Record<string, BuildOptions> = {
  'esbuild defaults, minified': {},
  'mainFields module, main': modules,
  'the same, schema tables tree-shakable (what ships)': { ...modules, plugins: [treeShakableSchemas] },
  'the same, names of functions kept': { ...modules, plugins: [treeShakableSchemas], keepNames: true },
};

function importMs(bundle: string): number {
  const script = `const t = performance.now(); require(${JSON.stringify(bundle)}); console.log(performance.now() - t)`;
  const env = {
    PATH: process.env['PATH'] ?? '',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    // Without these the function `watch` refuses to start.
    PROBE_FUNCTIONS: 'probe-1',
    FAILOVER_FUNCTION: 'failover',
  };
  return Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', env }));
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function measure(name: string, options: BuildOptions, processes: number): Promise<string> {
  const outfile = String(options.outfile);
  await build({
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    ...options,
  });
  const times = Array.from({ length: processes }, () => importMs(outfile));
  const kb = Math.round(statSync(outfile).size / 1024);
  return `${name.padEnd(52)} ${String(kb).padStart(5)} KB ${median(times).toFixed(0).padStart(5)} ms\n`;
}

async function main(entry: string, processes: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'cold-start-'));
  const place = { entryPoints: [entry], outfile: join(dir, 'bundle.js') };
  try {
    for (const [name, options] of Object.entries(VARIANTS))
      process.stdout.write(await measure(name, { ...place, ...options }, processes));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function existing(path: string): string {
  if (!existsSync(path)) throw new InvalidArgumentError('There is no such file.');
  return path;
}

const program = command(
  'cold-start',
  "Measures what the bundle's settings buy: its size, and how long its import takes.",
)
  .argument('[entry]', 'what to bundle', existing, 'functions/failover.ts')
  .argument('[processes]', 'fresh processes for each median', count, 9)
  .action(main);

void runCommand(program);
