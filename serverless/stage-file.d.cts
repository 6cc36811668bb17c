export function stageFile(stage: string): string;
export function readStageFile(
  folder: string,
  stage: string,
): { readonly params: Readonly<Record<string, string>>; readonly faults: readonly string[] };
