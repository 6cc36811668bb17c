import { readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * Everything that speaks about the core, as one test file: a run for each of two thousand mutants then loads the
 * modules once instead of twenty times. Properties are left out: they try hundreds of cases each.
 */
const UNIT = path.join(__dirname, 'unit/core');
const files = readdirSync(UNIT).filter((file) => file.endsWith('.test.ts') && !file.endsWith('properties.test.ts'));
const all = [...files.map((file) => path.join(UNIT, file)), path.join(__dirname, 'golden/golden.test.ts')];
for (const file of all) require(file);
