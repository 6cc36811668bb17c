import { TemplateError } from '../package/resolve.ts';

/** What a rule makes of an event before its target sees it. */
export interface Transformer {
  readonly InputPathsMap: Readonly<Record<string, string>>;
  readonly InputTemplate: string;
}

const MOST_PATHS = 100;
const LONGEST_TEMPLATE = 8_192;

/**
 * Compiles an input transformer of the form used here: one or several lines, each a quoted string with `<variables>`. The
 * output keeps the quotes (EventBridge User Guide, "Input transformation").
 * @throws TemplateError for any other form.
 */
export function compileTransformer({ InputPathsMap, InputTemplate }: Transformer): (event: object) => string {
  const paths = Object.entries(InputPathsMap);
  if (paths.length > MOST_PATHS || InputTemplate.length > LONGEST_TEMPLATE) fault('too many paths, or too long');
  for (const [name, path] of paths)
    if (!/^(?!AWS\.)[A-Za-z0-9_-]+$/.test(name) || !/^\$(\.[A-Za-z0-9_-]+)+$/.test(path)) fault(`${name}: ${path}`);
  const lines = InputTemplate.split('\n');
  for (const line of lines) {
    if (!/^"[^"\\]*"$/.test(line)) fault(`a line that is no quoted string: ${line}`);
    for (const [, name = ''] of line.matchAll(/<([^>]*)>/g))
      if (!Object.hasOwn(InputPathsMap, name)) fault(`there is no variable ${name}`);
  }
  return (event) =>
    lines
      .map((line) => line.replaceAll(/<([^>]*)>/g, (_, name: string) => valueAt(event, InputPathsMap[name] ?? '')))
      .join('\n');
}

/** A path that is not there would leave its variable out; here that is an error, for the mail would have a hole. */
function valueAt(event: object, path: string): string {
  const found = path
    .split('.')
    .slice(1)
    .reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key], event);
  if (typeof found !== 'string' && typeof found !== 'number') fault(`the event has no text at ${path}`);
  return String(found);
}

function fault(message: string): never {
  throw new TemplateError(`input transformer: ${message}`);
}
