import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { startLab } from './lab.ts';
import { startMoto } from './moto.ts';
import type { Target } from './target.ts';

const onPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

const LAB: Target = { name: 'the lab', start: startLab, lacks: {} };

const MOTO: Target = {
  name: 'moto_server',
  start: startMoto,
  lacks: {
    'find no healthy instance among the impaired': 'moto ignores the status filters of DescribeInstanceStatus',
    'not call an alarm muted that no rule mutes': 'moto answers ListAlarmMuteRules with a server error',
    'call the tagging of an unknown interface gone': 'moto tags what does not exist',
    'call an interface that is attached in use': 'moto attaches an interface twice',
    'call a malformed interface id invalid': 'moto calls a malformed id unknown',
    'call a malformed instance id invalid': 'moto ignores unknown ids in DescribeInstanceStatus',
    'refuse to detach a primary interface': 'moto detaches it',
    'call it denied when a stranger asks': 'moto knows no strangers',
    'change whether the interface dies with its holder': 'moto ignores DeleteOnTermination',
    'be refused by an instance in another zone': 'moto does not compare zones',
    'be refused at a device index that is taken': 'moto does not look at device indexes',
    'be refused by an instance without a free slot': 'moto does not count slots',
  },
  ...(!onPath('moto_server') && { absent: 'it is not on PATH' }),
};

/**
 * What a person wants to check: AWS itself, or another emulator. Needs the resources that `fixture.ts` describes, and
 * moves the interface away from its holder and back.
 *
 * @example CONTRACT_GROUP=web AWS_REGION=eu-central-1 npx jest tests/contract
 * @example CONTRACT_GROUP=web CONTRACT_ENDPOINT_URL=http://127.0.0.1:4566 AWS_REGION=us-east-1 npx jest tests/contract
 */
const GIVEN: Target = {
  name: 'the endpoint given',
  async start() {
    const endpoint = process.env['CONTRACT_ENDPOINT_URL'] ?? process.env['AWS_ENDPOINT_URL'];
    return {
      ...(endpoint !== undefined && { endpoint }),
      region: process.env['AWS_REGION'] ?? 'us-east-1',
      group: process.env['CONTRACT_GROUP'] ?? '',
      stop: async () => {},
    };
  },
  lacks: {},
  ...(!process.env['CONTRACT_GROUP'] && { absent: 'CONTRACT_GROUP names no group' }),
};

export const TARGETS: readonly Target[] = [LAB, MOTO, GIVEN];
