import path from 'node:path';

/** Files that may import one another: the text of each by its path, with `/` between folders. */
export type Sources = ReadonlyMap<string, string>;
type Graph = ReadonlyMap<string, readonly string[]>;

/** `import … from`, `export … from`, also of types; `import '…'`; `import('…')`, also in a type; `require('…')`. */
const IMPORTS = [
  /^(?:import|export)\s+(?:type\s+)?[\w{*][^'";]*?\bfrom\s+['"]([^'"]+)['"]/gm,
  /^import\s+['"]([^'"]+)['"]/gm,
  /\b(?:import|require)\(\s*['"]([^'"]+)['"]/g,
];
const COMMENT_LINE = /^\s*(?:\*|\/\/|\/\*).*$/gm;

/** What a file imports, as it is written there. */
export function importsOf(source: string): readonly string[] {
  const code = source.replaceAll(COMMENT_LINE, '');
  return IMPORTS.flatMap((pattern) => [...code.matchAll(pattern)].map(([, specifier = '']) => specifier));
}

/**
 * Finds the circles in which files import one another, imports of types included: for each import that is part of
 * one, the shortest.
 * @returns each circle once, as a path from its first file (by name) back to it: `a.ts → b.ts → a.ts`.
 */
export function circlesIn(sources: Sources): readonly string[] {
  const graph = graphOf(sources);
  const circles = [...graph].flatMap(([from, targets]) =>
    targets.flatMap((to) => {
      const back = shortestPath(graph, to, from);
      return back === undefined ? [] : [named([from, ...back.slice(0, -1)])];
    }),
  );
  return [...new Set(circles)].toSorted();
}

function graphOf(sources: Sources): Graph {
  const resolve = (file: string, specifier: string): readonly string[] => {
    if (!specifier.startsWith('.')) return [];
    const target = path.posix.join(path.posix.dirname(file), specifier);
    return [target, `${target}.ts`, `${target}/index.ts`].filter((each) => sources.has(each));
  };
  return new Map(
    [...sources].map(([file, source]) => [file, importsOf(source).flatMap((each) => resolve(file, each))]),
  );
}

/** Breadth first. @returns all files on the way, both ends included; undefined when there is no way. */
function shortestPath(graph: Graph, from: string, to: string): readonly string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  for (const file of cameFrom.keys()) {
    if (file === to) return wayTo(file, cameFrom);
    for (const next of graph.get(file) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, file);
  }
  return undefined;
}

function wayTo(end: string, cameFrom: ReadonlyMap<string, string | undefined>): readonly string[] {
  const way: string[] = [];
  for (let file: string | undefined = end; file !== undefined; file = cameFrom.get(file)) way.unshift(file);
  return way;
}

/** A circle has no first file of its own, so it begins with the one whose name comes first. */
function named(files: readonly string[]): string {
  const first = files.indexOf(files.toSorted()[0] ?? '');
  const turned = [...files.slice(first), ...files.slice(0, first)];
  return [...turned, turned[0]].join(' → ');
}
