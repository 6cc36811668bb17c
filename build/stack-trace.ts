import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapping, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { PackageError } from './packaging.ts';

/** A packaged file and where each part of it comes from. */
export interface Bundle {
  readonly code: string;
  readonly map: SourceMap;
}

/** Counted from 1, as in a stack trace. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** What Node's types leave out of what a map says of a place. */
type Origin = SourceMapping & { readonly name?: string };

/** `Class.method [as alias] (/var/task/functions/failover.js:12:345`; only the place, where there is no name. */
const FRAME = /(?:([\w$.]+)( \[as [\w$]+\])? \()?[^\s"'(]*?(functions\/[\w-]+\.js):(\d+):(\d+)/g;

/**
 * Reads what `serverless package` left in a folder.
 * @returns the bundles by the names they have in the zip: `functions/failover.js`.
 * @throws PackageError when there is no zip, or no map for a bundle in it.
 */
export function readBundles(folder: string): ReadonlyMap<string, Bundle> {
  const zip = existsSync(folder) ? readdirSync(folder).find((file) => file.endsWith('.zip')) : undefined;
  if (zip === undefined) throw new PackageError(`There is no package in ${folder}.`);
  const files = Object.entries(unzipSync(readFileSync(path.join(folder, zip))));
  return new Map(
    files.map(([name, content]) => [name, { code: new TextDecoder().decode(content), map: mapOf(folder, name) }]),
  );
}

function mapOf(folder: string, name: string): SourceMap {
  const file = path.join(folder, `${name}.map`);
  if (!existsSync(file)) throw new PackageError(`There is no ${file}.`);
  return new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload);
}

/**
 * Rewrites the frames of a packaged function, wherever they stand in a text, to the places and names of the source.
 * What is not of a bundle stays as it is.
 * @example translated('at kt (/var/task/functions/failover.js:2:345)', bundles); // 'at detach (lib/engine/detach.ts:40:9)'
 */
export function translated(text: string, bundles: ReadonlyMap<string, Bundle>): string {
  return text.replaceAll(FRAME, (frame: string, ...parts: string[]) => {
    const [name, alias = '', file = '', line, column] = parts;
    const bundle = bundles.get(file);
    const place = { line: Number(line), column: Number(column) };
    const origin = bundle && originOf(bundle, place);
    if (bundle === undefined || origin === undefined) return frame;
    const where = `${origin.originalSource}:${origin.originalLine + 1}:${origin.originalColumn + 1}`;
    const names = name?.split('.').map((each) => nameOf(bundle, each, place));
    return names === undefined ? where : `${names.join('.')}${alias} (${where}`;
  });
}

function originOf({ map }: Bundle, { line, column }: Place): Origin | undefined {
  const found = map.findEntry(line - 1, column - 1);
  return 'originalSource' in found ? found : undefined;
}

/** What a function or class was called before it was minified. The map knows, where it is declared. */
function nameOf(bundle: Bundle, name: string, place: Place): string {
  const { code } = bundle;
  const declared = [...code.matchAll(declarationOf(name))].map(({ index }) => index);
  // The same short name is used again in other functions: the nearest above counts. A subclass may stand below.
  const at = declared.findLast((index) => index <= indexOf(code, place)) ?? declared[0];
  return (at === undefined ? undefined : originOf(bundle, placeOf(code, at))?.name) ?? name;
}

function indexOf(code: string, { line, column }: Place): number {
  const above = code.split('\n', line - 1).map((each) => each.length + 1);
  return above.reduce((sum, length) => sum + length, column - 1);
}

function placeOf(code: string, index: number): Place {
  const lines = code.slice(0, index).split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

/** `function ab(`, `class ab{`, `ab=(x)=>`, `ab=class{`. */
function declarationOf(name: string): RegExp {
  const literal = name.replaceAll('$', '\\$');
  return new RegExp(
    `(?<=function\\*? ?|class |[,;{} ])${literal}(?=\\(| extends |{|=(?:async|class|\\(|[\\w$]+=>))`,
    'g',
  );
}
