/** `npm run package`: packages the service offline, from nothing, and says where the result is. */
import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { readTemplate } from '../lab/package/template.ts';
import { command, runCommand } from './command-line.ts';
import { PackageError, packageService } from './packaging.ts';

async function main(): Promise<void> {
  const { zipPath, templatePath } = await packageService('.serverless', { stageFiles: 'params' });
  const { functions, rules } = readTemplate(templatePath);
  const zipKb = Math.round(statSync(zipPath).size / 1024);
  process.stdout.write(
    `${relative('.', zipPath)} ${zipKb} KB, ${relative('.', templatePath)}: ` +
      `${functions.map(({ name }) => name).join(', ')}; rules ${rules.map(({ name }) => name).join(', ')}\n`,
  );
}

const program = command(
  'package',
  'Packages the service offline, from nothing, into .serverless/, and says what is in it.',
).action(main);

void runCommand(program, [PackageError]);
