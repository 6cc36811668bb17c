export const RANGES: Readonly<Record<string, readonly [min: number, max: number]>>;
export const PARAMETERS: readonly string[];
export function faultsOf(
  params: Readonly<Record<string, string>>,
  where: { readonly names: string; readonly region: string },
): readonly string[];
