/**
 * esbuild plugins of the package, loaded by serverless-esbuild. Plain JavaScript: it requires this file as it is.
 */
const { mkdir, readFile, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');

const SCHEMA_TABLES =
  /[\\/]@aws-sdk[\\/]client-(?:ec2|cloudwatch|lambda|eventbridge)[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;

/**
 * Writes the computed keys of an SDK schema table (`[_xN]: v`) as the literals they stand for (`"xmlName": v`).
 * esbuild may not drop an object with a computed key, for evaluating the key could have an effect, and so keeps all
 * the tables of all the operations. What the tables contain stays the same; tests/package proves it.
 * @param {string} source a schema module of the SDK
 */
function literalKeys(source) {
  const constants = new Map([...source.matchAll(/^const (_\w+) = ("(?:[^"\\]|\\.)*");$/gm)].map((m) => [m[1], m[2]]));
  return source.replace(/\[(_\w+)\]:/g, (computed, name) => {
    const literal = constants.get(name);
    // A literal "__proto__" would set the prototype where the computed one sets a key.
    return literal === undefined || literal === '"__proto__"' ? computed : `${literal}:`;
  });
}

const treeShakableSchemas = {
  name: 'tree-shakable-schemas',
  setup(build) {
    build.onLoad({ filter: SCHEMA_TABLES }, async ({ path }) => ({
      contents: literalKeys(await readFile(path, 'utf8')),
      loader: 'js',
    }));
  },
};

/** serverless-esbuild zips the whole of the first folder; whatever is in the second it puts where the zip goes. */
const BUNDLES = path.join('.esbuild', '.build');
const ARTIFACTS = path.join('.esbuild', '.serverless');

/** Puts the source map of a bundle beside the zip, under the name that the bundle has in the zip, and `.map`. */
const mapsBesideTheZip = {
  name: 'maps-beside-the-zip',
  setup(build) {
    const { entryPoints, outdir } = build.initialOptions;
    build.onEnd(async ({ errors }) => {
      if (errors.length > 0) return;
      for (const entry of entryPoints) {
        const map = path.join(outdir, `${path.parse(entry).name}.js.map`);
        const target = path.resolve(ARTIFACTS, path.relative(path.resolve(BUNDLES), map));
        const content = withPlainPaths(JSON.parse(await readFile(map, 'utf8')), outdir);
        await mkdir(path.dirname(target), { recursive: true });
        await writeFile(target, JSON.stringify(content));
        await rm(map);
      }
    });
  },
};

/**
 * Names the sources from the root of the repository, so that a map says the same wherever it was made.
 * @param {{ sources: string[] }} map
 * @param {string} folder where it was made: the sources are named from there
 */
function withPlainPaths(map, folder) {
  const plain = (source) => {
    const file = path.relative('.', path.resolve(folder, source)).replaceAll(path.sep, '/');
    return file.replace(/^(?:\.\.\/)+(?=node_modules\/)/, '');
  };
  return { ...map, sources: map.sources.map(plain) };
}

/** serverless-esbuild waits for ever after a failed build: leave at once, esbuild has already said why. */
const exitOnErrors = {
  name: 'exit-on-errors',
  setup(build) {
    build.onEnd(({ errors }) => {
      if (errors.length > 0) process.exit(1);
    });
  },
};

const plugins = [treeShakableSchemas, mapsBesideTheZip, exitOnErrors];

// serverless-esbuild takes the default export of what calls itself an ES module.
module.exports = { __esModule: true, default: plugins, treeShakableSchemas, literalKeys };
