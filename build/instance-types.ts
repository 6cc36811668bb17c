/** `npm run instance-types`: makes the table of limits that is shipped, for the hour in which EC2 does not answer. */
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { command, runCommand } from './command-line.ts';
import { limitsTable, NotDescribed, typesIn } from './limits-table.ts';

function main(file: string, { out }: { readonly out: string }): void {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const types = typesIn(parsed(text));
  writeFileSync(out, `${JSON.stringify(limitsTable(types), null, 2)}\n`);
  process.stdout.write(`${types.length} instance types are in ${out}.\n`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotDescribed('It is not JSON: give what `aws ec2 describe-instance-types --output json` prints.');
  }
}

const program = command(
  'instance-types',
  'Makes the table of what each instance type takes: interfaces, network cards, addresses, shared attachments.',
)
  .argument(
    '<file>',
    'what `aws ec2 describe-instance-types --output json` printed (or moto publishes); may be gzipped',
  )
  .option('--out <file>', 'where the table goes', 'data/instance-types.json')
  .action(main);

void runCommand(program, [NotDescribed]);
