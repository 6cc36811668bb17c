import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './sources.ts';

const textOf = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

describe('.editorconfig', () => {
  it('should have an editor write what the formatter wants', () => {
    const { formatter } = JSON.parse(textOf('biome.json')) as { formatter: Record<string, unknown> };
    const [, everything = ''] = textOf('.editorconfig').split(/^\[.*\]$/m);
    const settings = Object.fromEntries(
      [...everything.matchAll(/^(\w+) = (\w+)$/gm)].map(([, key, value]) => [key, value]),
    );
    expect(settings).toMatchObject({
      indent_style: formatter['indentStyle'],
      indent_size: String(formatter['indentWidth']),
      max_line_length: String(formatter['lineWidth']),
      // What Biome does when nothing else is said.
      end_of_line: 'lf',
      insert_final_newline: 'true',
    });
  });
});
