import type { Plugin } from 'esbuild';

export const treeShakableSchemas: Plugin;
export function literalKeys(source: string): string;
declare const plugins: Plugin[];
export default plugins;
