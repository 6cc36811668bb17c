// Until the engine's tests take them from demo/ themselves; then this file goes.
// oxlint-disable-next-line no-restricted-imports
export { floating, member } from '../demo/scenarios.ts';
