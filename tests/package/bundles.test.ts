import { build } from 'esbuild';
import { treeShakableSchemas } from '../../build/esbuild-plugins.cjs';

/** What a bundle is made of, and what of Node it wants. Bundled as it ships (serverless.yml). */
async function partsOf(entry: string): Promise<{ files: readonly string[]; builtins: readonly string[]; kb: number }> {
  const { metafile, outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    plugins: [treeShakableSchemas],
    write: false,
    metafile: true,
    outfile: 'bundle.js',
  });
  const output = Object.values(metafile.outputs)[0];
  const files = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return {
    files: files.map(([file]) => file),
    builtins: [...new Set(output?.imports.map(({ path }) => path))].toSorted(),
    kb: (outputFiles[0]?.contents.length ?? 0) / 1_024,
  };
}

describe('the bundle of the probe', () => {
  it('should have nothing of AWS in it, and no way to the network but sockets', async () => {
    const { files, builtins, kb } = await partsOf('functions/probe.ts');
    expect(files.filter((file) => /@aws-sdk|@smithy|lib\/aws|lib\/engine/.test(file))).toEqual([]);
    expect(builtins).toEqual(['node:events', 'node:net', 'node:tls']);
    expect(kb).toBeLessThan(60);
  });
});

describe('the bundle of watch', () => {
  it('should have the client of Lambda in it, and of nothing else', async () => {
    const { files } = await partsOf('functions/watch.ts');
    const clients = files.flatMap((file) => /@aws-sdk\/(client-[\w-]+)/.exec(file)?.[1] ?? []);
    expect([...new Set(clients)]).toEqual(['client-lambda']);
    expect(files.filter((file) => /lib\/(?:engine|triggers)\//.test(file))).toEqual([]);
  });
});
