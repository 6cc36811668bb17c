import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { InterfaceView, MemberView } from '../../lib/core/model.ts';
import { probeSettings } from '../../lib/core/probe-settings.ts';
import { DEFAULT_SETTINGS, groupSettings } from '../../lib/core/settings.ts';
import { deviceTag, groupOfInterface, groupsOfMember, isExcluded, priorityOf } from '../../lib/core/tags.ts';
import { parseRequest } from '../../lib/triggers/request.ts';
import { parseUpkeep } from '../../lib/triggers/upkeep.ts';
import { DEPLOYMENT_KEY } from '../../lib/upkeep-app.ts';
import { ledger, ledgerTags } from '../support/observation.ts';
import { codeBlocks, pathOf, textOf } from './support.ts';

const { tagPrefix, statePrefix } = DEFAULT_SETTINGS;

/** The pages a reader acts on. */
const PAGES = [
  'SECURITY.md',
  'CONTRIBUTING.md',
  'docs/install.md',
  'docs/guest.md',
  'docs/operations.md',
  'docs/queue.md',
  'docs/probe.md',
  ...examplesWith('.md'),
];
const FILES = [
  ...PAGES,
  ...examplesWith('.yml'),
  ...examplesWith('.tf'),
  ...examplesWith('.sh'),
  ...examplesWith('.json'),
];

function examplesWith(ending: string): string[] {
  return readdirSync(pathOf('examples'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending) && !file.includes('.terraform'))
    .map((file) => join('examples', file));
}

describe('what the pages tell a reader to do', () => {
  const install = textOf('docs/install.md');

  it('should know every parameter of a deployment, with its default', () => {
    const { params } = parse(textOf('serverless.yml'), { logLevel: 'silent' }) as {
      params: { default: Record<string, unknown> };
    };
    const rows = [...install.matchAll(/^\| `(\w+)` \| `([^`]+)` \|/gm)].map(([, name, value]) => [name, value]);
    expect(rows).toEqual(Object.entries(params.default).map(([name, value]) => [name, String(value)]));
  });

  it.each(PAGES)('should have only requests in %s that the parser takes', (page) => {
    // In a shell a value is spliced in as "'"$NAME"'": any instance id will do.
    let instances = 0;
    const text = textOf(page).replaceAll(/"'"\$\w+"'"/g, () => `"i-${String((instances += 1)).padStart(17, '0')}"`);
    const requests = [...text.matchAll(/\{"action":[^}]*\}/g)].map(([request]) => JSON.parse(request) as unknown);
    const isOfUpkeep = (request: unknown): boolean => /look|remove-alarms/.test(JSON.stringify(request));
    for (const request of requests)
      if (isOfUpkeep(request)) expect(parseUpkeep(request)).toHaveProperty('kind');
      else expect(parseRequest(request)).toMatchObject({ kind: 'request' });
    if (/walk-through/i.test(text) && page.startsWith('examples/nginx-pair'))
      expect(requests.length).toBeGreaterThan(4);
  });

  it.each(PAGES)('should name only functions in %s that exist', (page) => {
    const names = [...textOf(page).matchAll(/(?:--function-name |\/aws\/lambda\/)eni-failover-prod-(\w+)/g)];
    for (const [, name] of names) expect(readdirSync(pathOf('functions'))).toContain(`${name}.ts`);
  });

  it.each(PAGES)('should link from %s to pages and headings that exist', (page) => {
    const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    for (const link of links.filter((each) => !/^https?:/.test(each))) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      expect([link, existsSync(pathOf(target))]).toEqual([link, true]);
      if (anchor === undefined) continue;
      const file = target.endsWith('.md') ? target : join(target, 'README.md');
      expect([link, anchorsOf(file)]).toEqual([link, expect.arrayContaining([anchor])]);
    }
  });

  it.each(PAGES)('should have only shell blocks in %s that a shell can read', (page) => {
    for (const block of codeBlocks(textOf(page), 'sh')) expect(shellFault(block)).toBe('');
  });

  function anchorsOf(page: string): string[] {
    return [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    );
  }
});

function shellFault(script: string): string {
  return spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' }).stderr;
}

describe('the tags in the examples and pages', () => {
  const ofTheLedger = Object.keys(ledgerTags(ledger())).map((key) => key.slice(statePrefix.length));
  const stateKeys = [...ofTheLedger, DEPLOYMENT_KEY];

  /** Whether the core makes anything of a tag: some value of it changes some answer. */
  function isRead(key: string): boolean {
    const answers = (tags: Record<string, string>): string => {
      const member = { tags } as unknown as MemberView;
      const view = { tags } as unknown as InterfaceView;
      const { targets, ...probe } = probeSettings([view], tagPrefix);
      return JSON.stringify([
        [...targets],
        probe,
        groupsOfMember(member, tagPrefix),
        groupOfInterface(view, tagPrefix),
        priorityOf(member, tagPrefix),
        isExcluded(member, tagPrefix),
        deviceTag(view, tagPrefix),
        groupSettings(DEFAULT_SETTINGS, [view]).settings,
      ]);
    };
    return ['1', 'manual', 'report', 'tcp:443'].some((value) => answers({ [tagPrefix + key]: value }) !== answers({}));
  }

  it.each(FILES)('should have only keys in %s that the product reads or writes', (file) => {
    const keys = [...textOf(file).matchAll(/\beni-failover(-state)?:([a-z][a-z-]*)/g)];
    for (const [key, state, name = ''] of keys)
      expect([key, state === undefined ? isRead(name) : stateKeys.includes(name)]).toEqual([key, true]);
  });

  it('should have no other tags in the examples than these and Name', () => {
    const template = textOf('examples/nginx-pair/template.yml');
    const inTemplate = [...template.matchAll(/\{ Key: ([^,]+),/g)].map(([, key = '']) => key.replaceAll("'", ''));
    const terraform = textOf('examples/terraform/main.tf');
    const inTerraform = [...terraform.matchAll(/^\s+"?(Name|[\w-]+:[\w-]+)"?\s+=/gm)].map(([, key = '']) => key);
    for (const keys of [inTemplate, inTerraform]) {
      expect(keys).toEqual(expect.arrayContaining([`${tagPrefix}group`, `${tagPrefix}priority`]));
      expect(keys.filter((key) => key !== 'Name' && !key.startsWith(tagPrefix))).toEqual([]);
    }
  });

  it('should have Terraform ignore what the product writes', () => {
    expect(textOf('examples/terraform/versions.tf')).toContain(`key_prefixes = ["${statePrefix}"]`);
  });
});

describe('the words of the pages', () => {
  it.each(FILES)('should be the ones of the project in %s', (file) => {
    expect(textOf(file).match(/\b(masters?|slaves?|promot\w*|swap\w*|heal(s|ed|ing)?)\b/gi)).toBeNull();
  });
});
