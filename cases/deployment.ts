import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { type Template, readTemplate } from '../lab/package/template.ts';
import { templateOnce } from '../build/packaging.ts';
import { faultsOf } from '../serverless/params.cjs';

type Parameters = Readonly<Record<string, string>>;

const ROOT = path.join(__dirname, '..');
const REGION = 'eu-west-1';
const ACCOUNT_ID = '123456789012';
/** The stage of `npx serverless deploy` without further arguments. */
const NAMES = 'eni-failover-prod-';

/** One sentence for each parameter that a deployment would refuse. */
export function deploymentFaults(given: Parameters): readonly string[] {
  const params = { ...defaults(), ...given };
  return faultsOf(params, { names: NAMES, region: regionOf(given) });
}

/** Where a deployment with these parameters is; whoever plays a case has no Region of their own in it. */
function regionOf({ region = 'none' }: Parameters): string {
  return region === 'none' ? REGION : region;
}

/** The template that a deployment with these parameters consists of. @throws PackageError */
export async function deployedTemplate(given: Parameters): Promise<Template> {
  // In one order, whatever the order in the file: one package for each set.
  const params = Object.fromEntries(Object.entries(given).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const account = { partition: 'aws', region: regionOf(given), accountId: ACCOUNT_ID };
  return readTemplate(await templateOnce({ params }), account);
}

let known: Parameters | undefined;

function defaults(): Parameters {
  if (known !== undefined) return known;
  const source = readFileSync(path.join(ROOT, 'serverless.yml'), 'utf8');
  const { params } = parse(source, { logLevel: 'silent' }) as { params: { default: Record<string, unknown> } };
  known = Object.fromEntries(Object.entries(params.default).map(([name, each]) => [name, String(each)]));
  return known;
}
