import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.join(__dirname, '..', '..');
export const FIXTURES = path.join(__dirname, 'fixtures');

/** Code of every kind that is here. */
const CODE = /\.(?:ts|cts|cjs)$/;

/** The paths of all files in a folder, from there, with `/` between folders. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
}

/** The code in some folders of a place, fixtures left out: the text of each file by its path from that place. */
export function codeIn(folders: readonly string[], place = ROOT): ReadonlyMap<string, string> {
  const files = folders.flatMap((folder) =>
    filesIn(path.join(place, folder)).map((file) => path.posix.join(folder, file)),
  );
  const code = files.filter((file) => CODE.test(file) && !file.startsWith('tests/lint/fixtures/'));
  return new Map(code.map((file) => [file, readFileSync(path.join(place, file), 'utf8')]));
}
