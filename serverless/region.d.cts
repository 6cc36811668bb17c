export function region(context: {
  readonly options: Readonly<Record<string, string>>;
  readonly resolveVariable: (name: string) => Promise<string>;
}): Promise<string>;
