import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What the rig needs of the machine, and the Debian package it comes in. */
const TOOLS = { ip: 'iproute2', nft: 'nftables', nginx: 'nginx' } as const;
/** Not on everybody's PATH, but where Debian puts such tools. */
const SBIN = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

export interface Machine {
  readonly platform: NodeJS.Platform;
  /** The effective user; undefined where there are none. */
  readonly user: number | undefined;
  readonly has: (tool: string) => boolean;
  /** Whether the kernel lets this user make a network namespace. */
  readonly isolates: () => boolean;
}

/** This machine. Adds the system's folders to the PATH of this process and its children. */
export function thisMachine(): Machine {
  const path = [...(process.env['PATH'] ?? '').split(delimiter), ...SBIN];
  process.env['PATH'] = path.join(delimiter);
  const has = (tool: string): boolean => path.some((folder) => isExecutable(join(folder, tool)));
  const isolates = (): boolean => spawnSync('unshare', ['--net', 'true']).status === 0;
  return { platform: process.platform, user: process.geteuid?.(), has, isolates };
}

/** Everything that is missing for the rig, each in a sentence; empty when it can be built. */
export function missingParts({ platform, user, has, isolates }: Machine): readonly string[] {
  if (platform !== 'linux') return ['Linux: network namespaces exist nowhere else.'];
  const tools = Object.entries(TOOLS).filter(([tool]) => !has(tool));
  const packages = tools.map(([, name]) => name).join(' ');
  return [
    ...(user === 0 ? [] : ['root: only root may make network namespaces.']),
    ...(user !== 0 || isolates()
      ? []
      : ['leave to make network namespaces: a container needs CAP_SYS_ADMIN and CAP_NET_ADMIN.']),
    ...tools.map(([tool, name]) => `${tool}, which is in the Debian package ${name}.`),
    ...(tools.length === 0 ? [] : [`All of them: apt-get install ${packages}`]),
  ];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
