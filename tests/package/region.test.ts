import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inCopy, serverless } from '../../build/packaging.ts';
import { region } from '../../serverless/region.cjs';

const home = mkdtempSync(join(tmpdir(), 'region-'));
const configFile = join(home, 'config');
const CONFIG =
  '[default]\nregion = ap-south-1\n\n[profile network]\nregion = eu-north-1\n\n[profile bare]\noutput = json\n';
const NAMES = ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_CONFIG_FILE'];
const before = Object.fromEntries(
  [...NAMES, 'AWS_SHARED_CREDENTIALS_FILE'].map((name) => [name, process.env[name]] as const),
);

beforeAll(() => writeFileSync(configFile, CONFIG));
afterAll(() => rmSync(home, { recursive: true }));
beforeEach(() => {
  for (const name of NAMES) delete process.env[name];
  process.env['AWS_CONFIG_FILE'] = configFile;
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(home, 'none');
});
afterEach(() => {
  for (const [name, value] of Object.entries(before)) {
    delete process.env[name];
    if (value !== undefined) process.env[name] = value;
  }
});

describe('the Region of a deployment', () => {
  it.each<[string, Record<string, string>, string, Record<string, string>, string]>([
    ['the option', { region: 'sa-east-1' }, 'us-west-1', { AWS_REGION: 'us-east-2' }, 'sa-east-1'],
    ['then the parameter', {}, 'us-west-1', { AWS_REGION: 'us-east-2' }, 'us-west-1'],
    ['then the environment', {}, 'none', { AWS_REGION: 'us-east-2', AWS_DEFAULT_REGION: 'us-west-2' }, 'us-east-2'],
    ['under its older name as well', {}, 'none', { AWS_DEFAULT_REGION: 'us-west-2' }, 'us-west-2'],
    ['then that of the profile in the environment', {}, 'none', { AWS_PROFILE: 'network' }, 'eu-north-1'],
    ['or of the profile asked for', { 'aws-profile': 'network' }, 'none', { AWS_PROFILE: 'bare' }, 'eu-north-1'],
    ['or of the default profile', {}, 'none', {}, 'ap-south-1'],
    ['else eu-west-1', {}, 'none', { AWS_PROFILE: 'bare' }, 'eu-west-1'],
    ['without the files of the AWS tools, too', {}, 'none', { AWS_CONFIG_FILE: '/dev/null' }, 'eu-west-1'],
  ])('should be %s', async (_, options, param, environment, expected) => {
    Object.assign(process.env, environment);
    expect(await region({ options, resolveVariable: async () => param })).toBe(expected);
  });

  it('should be told by the tool that deploys', async () => {
    const said = await inCopy((folder) => serverless(folder, ['package'], { AWS_REGION: 'us-east-2' }));
    expect(said).toContain('(us-east-2)');
  }, 120_000);
});
