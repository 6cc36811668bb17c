import type { Metafile } from 'esbuild';

export declare function bundle(): Promise<Metafile>;
export declare function bundleOnce(): Promise<string>;
