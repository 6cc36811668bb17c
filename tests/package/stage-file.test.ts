import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inCopy, PackageError, serverless } from '../../build/packaging.ts';
import { readTemplate } from '../../lab/package/template.ts';
import { faultsOf } from '../../serverless/params.cjs';
import { readStageFile, stageFile } from '../../serverless/stage-file.cjs';
import { parseCfnYaml } from '../support/cfn-schema.ts';
import { functionOf } from './deployed.ts';

function read(content?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'stage-file-'));
  try {
    mkdirSync(join(folder, 'params'));
    if (content !== undefined) writeFileSync(join(folder, stageFile('prod')), content);
    return readStageFile(folder, 'prod');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the parameter file of a stage', () => {
  it.each<[string, string | undefined, Record<string, string>]>([
    ['that is not there', undefined, {}],
    ['that is empty', '# nothing yet\n', {}],
    ['with values', 'mode: manual\nmemoryMb: 1024\n', { mode: 'manual', memoryMb: '1024' }],
    ['with a list', 'subnetIds: [subnet-1, subnet-2]\n', { subnetIds: 'subnet-1,subnet-2' }],
    ['with a map', 'tags:\n  team: network\n  cost: 42\n', { tags: 'team=network,cost=42' }],
  ])('should be read: one %s', (_, content, params) => {
    expect(read(content)).toEqual({ params, faults: [] });
  });

  it.each<[string, string, RegExp]>([
    ['no YAML', 'mode: [', /^params\/prod\.yml is no YAML: /],
    ['a list', '- mode\n', /^params\/prod\.yml must have a line 'name: value'/],
    ['without a value', 'mode:\n', /^mode in params\/prod\.yml must be a value/],
    ['too deep', 'tags: {a: {b: c}}\n', /^tags in params\/prod\.yml must be/],
    ['a list of nothing', 'subnetIds: []\n', /^subnetIds in params\/prod\.yml must be/],
  ])('should be refused: one that is %s', (_, content, fault) => {
    expect(read(content)).toEqual({ params: {}, faults: [expect.stringMatching(fault)] });
  });
});

describe('the parameter file in the examples', () => {
  const text = readFileSync('examples/params/prod.yml', 'utf8');
  const serverlessYml = parseCfnYaml(readFileSync('serverless.yml', 'utf8')) as unknown as Declared;
  const defaults = Object.entries(serverlessYml.params.default).map(([name, value]) => [name, String(value)]);

  interface Declared {
    readonly params: { readonly default: Readonly<Record<string, unknown>> };
  }

  it.each([
    ['as it stands', text],
    ['with everything in it that is commented out', text.replaceAll(/^# ( *[\w-]+:)/gm, '$1')],
  ])('should be right %s', (_, content) => {
    const { params, faults } = read(content);
    expect(faults).toEqual([]);
    expect(Object.keys(params).length).toBeGreaterThan(3);
    const where = { names: 'eni-failover-prod-', region: 'eu-west-1' };
    expect(faultsOf({ ...Object.fromEntries(defaults), ...params }, where)).toEqual([]);
  });
});

describe('packaging a stage with a parameter file', () => {
  const withFile = (content: string, args: readonly string[]) =>
    inCopy(async (folder) => {
      mkdirSync(join(folder, 'params'));
      writeFileSync(join(folder, stageFile('trial')), content);
      writeFileSync(join(folder, stageFile('prod')), 'mode: manual\n');
      await serverless(folder, ['package', '--stage', 'trial', ...args]);
      const path = join(folder, '.serverless/cloudformation-template-update-stack.json');
      return { template: readTemplate(path), raw: JSON.parse(readFileSync(path, 'utf8')) as Raw };
    });

  interface Raw {
    readonly Outputs: { readonly Parameters: { readonly Value: string } };
  }

  it('should follow the file of the stage, and --param before it', async () => {
    const { template, raw } = await withFile('cooldownSeconds: 1800\nmaxMoves: 3\n', ['--param=maxMoves=4']);
    const { environment } = functionOf(template, 'failover');
    expect(environment).toMatchObject({ COOLDOWN_SECONDS: '1800', MAX_MOVES: '4', MODE: 'auto' });
    expect(JSON.parse(raw.Outputs.Parameters.Value)).toEqual({ cooldownSeconds: '1800', maxMoves: '4' });
  }, 120_000);

  it('should stop for every fault in it', async () => {
    const error = await withFile('cooldown: 1800\nmode: of\nmaxMoves:\n', ['--param=memoryMb=1']).catch(
      (reason: unknown) => reason,
    );
    if (!(error instanceof PackageError)) throw new Error('it was packaged');
    expect(error.message.split('\n').filter((line) => line.startsWith('- '))).toEqual([
      expect.stringMatching(/^- maxMoves in params\/trial\.yml must be a value/),
      expect.stringMatching(/^- mode must be one of/),
      expect.stringMatching(/^- memoryMb must be/),
      "- There is no parameter 'cooldown'.",
    ]);
  }, 120_000);
});
