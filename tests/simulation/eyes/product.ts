/** The parts of the product that a probe's verdict goes through, in one place: so that a bug can be planted into them. */
export { createApp } from '../../../lib/app.ts';
export { createProber } from '../../../lib/aws/prober.ts';
export { createWatcher } from '../../../lib/aws/watcher.ts';
export { refusals } from '../../../lib/probe/address.ts';
export { serve } from '../../../lib/probe/serve.ts';
export { parseInvocation } from '../../../lib/triggers/parse.ts';
export { readWatchInput } from '../../../lib/watch/input.ts';
export { freshMemory } from '../../../lib/watch/memory.ts';
export { watch } from '../../../lib/watch/watch.ts';
