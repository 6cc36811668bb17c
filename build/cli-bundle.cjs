/**
 * Bundles the command line, so that it starts in a moment. Plain JavaScript, because it runs before anything else: the
 * command calls it, and does nothing but look at the times of some files once the bundle is there.
 */
const { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const FOLDER = path.join(ROOT, '.build', 'cli');
const ENTRY = path.join(FOLDER, 'main.mjs');
/** The files of this repository that the bundle is made of. */
const INPUTS = path.join(FOLDER, 'inputs.json');
/** Besides those that esbuild names: how it is made, and of which versions of what. */
const ALSO = ['build/cli-bundle.cjs', 'build/esbuild-plugins.cjs', 'package-lock.json'];

/** What is CommonJS in the bundle asks for Node's modules by `require`, which an ES module does not have. */
const BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Whether the bundle is there, and nothing that it is made of is younger. */
function isFresh() {
  try {
    const madeMs = statSync(INPUTS).mtimeMs;
    statSync(ENTRY);
    return JSON.parse(readFileSync(INPUTS, 'utf8')).every((file) => statSync(path.join(ROOT, file)).mtimeMs <= madeMs);
  } catch {
    return false;
  }
}

/** Makes the bundle where it is not fresh. @returns the path of its entry. */
async function bundleOnce() {
  if (!isFresh()) await bundle();
  return ENTRY;
}

/** ES modules, for only they can be split: what loads the SDK is a chunk of its own, loaded when a verb needs it. */
async function bundle() {
  const { build } = require('esbuild');
  const { treeShakableSchemas } = require('./esbuild-plugins.cjs');
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { main: 'bin/main.ts' },
    outdir: FOLDER,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minify: true,
    mainFields: ['module', 'main'],
    banner: { js: BANNER },
    plugins: [treeShakableSchemas],
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  mkdirSync(FOLDER, { recursive: true });
  // The chunks have their content in their names; the entry, which names them, comes last.
  const last = (file) => Number(file.path === ENTRY);
  for (const file of outputFiles.toSorted((a, b) => last(a) - last(b))) replace(file.path, file.contents);
  const own = Object.keys(metafile.inputs).filter((file) => !file.startsWith('node_modules/') && !file.includes(':'));
  replace(INPUTS, JSON.stringify([...own, ...ALSO]));
  const wanted = new Set([...outputFiles.map((file) => file.path), INPUTS]);
  for (const name of readdirSync(FOLDER)) {
    const file = path.join(FOLDER, name);
    if (!wanted.has(file) && !name.endsWith('.tmp')) rmSync(file, { force: true });
  }
  return metafile;
}

/** Two may be at it at once, and a third may be reading. */
function replace(file, contents) {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, contents);
  renameSync(draft, file);
}

module.exports = { bundle, bundleOnce };

// `npm ci` ends with it (package.json, "prepare"): the first start is then as quick as any other.
if (require.main === module) void bundleOnce();
