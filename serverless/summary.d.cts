type Params = Readonly<Record<string, string>>;
type Defaults = Readonly<Record<string, string | number>>;

interface Described {
  readonly region: string;
  readonly params: Params;
  readonly template: {
    readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: object }>>;
  };
}

export function recordOf(params: Params, defaults: Defaults): string;
export function changesOf(given: {
  readonly before: Params | undefined;
  readonly now: Params;
  readonly defaults: Defaults;
  readonly source: (name: string) => string | undefined;
}): readonly string[];
export function madeBy(described: Described): readonly string[];
export function nextSteps(described: Described): readonly string[];
export function reminder(names: readonly string[], file: string): string;
