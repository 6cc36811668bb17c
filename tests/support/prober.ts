import type { LookRequest, Prober } from '../../lib/engine/ports.ts';
import type { SecondLook } from '../../lib/probe/verdict.ts';
import type { Stage } from './stage.ts';

/** What a probe sees of an interface that hangs: nobody there, and a witness that answers. */
export const SILENT: SecondLook = { floating: 'silent', own: 'silent', witnesses: ['answered'], isSlow: false };
export const SERVED: SecondLook = { floating: 'answered', own: 'answered', witnesses: ['answered'], isSlow: false };

/** Probes that say what a test wants of them, look by look; the last word stays. */
export class ScriptedProber implements Prober {
  readonly asked: LookRequest[] = [];
  private readonly script: (readonly SecondLook[])[];
  private readonly takesMs: number;
  private readonly stage: () => Stage;

  constructor(stage: () => Stage, script: readonly (readonly SecondLook[])[], takesMs = 1_200) {
    this.stage = stage;
    this.script = [...script];
    this.takesMs = takesMs;
  }

  async look(request: LookRequest): Promise<readonly SecondLook[]> {
    this.asked.push(request);
    await this.stage().clock.sleep(this.takesMs);
    return (this.script.length > 1 ? this.script.shift() : this.script[0]) ?? [];
  }
}
