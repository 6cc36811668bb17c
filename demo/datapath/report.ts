import { cpus, release } from 'node:os';
import type { Experiment } from './experiment.ts';
import { FAULTS, type FaultName } from './faults.ts';
import { PARTS, PARTS_EXPLAINED, type Part } from './parts.ts';
import type { ProbeCount } from './probes.ts';
import { PROFILES, type ProfileName } from './profiles.ts';
import type { Figures, Summary } from './statistics.ts';

export interface Report {
  readonly fault: FaultName;
  readonly profile: ProfileName;
  readonly probes: ProbeCount;
  readonly experiments: readonly Experiment[];
  readonly summary: Summary;
}

/** Told apart in grey and by colour-blind eyes, too (Okabe and Ito). */
const COLOURS: Readonly<Record<Part, string>> = {
  detection: '#56b4e9',
  confirmation: '#009e73',
  detach: '#e69f00',
  attach: '#cc79a7',
  guest: '#0072b2',
};
const WHOLE = '#999999';
const BARE = '#000000';
const LABEL_PX = 90;
const CHART_PX = 720;
const ROW_PX = 18;
const TICKS = 5;

/** A page about several runs that needs nothing but itself: a picture, the figures, and how they were measured. */
export function reportOf({ fault, profile, probes, experiments, summary }: Report): string {
  const eyes = probes === 0 ? '' : `, ${probes} probe${probes === 1 ? '' : 's'}`;
  const title = `${fault}, profile ${profile}${eyes}: what a client of the Elastic IP sees`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 860px; margin: 2em auto; padding: 0 1em; color: #222; }
table { border-collapse: collapse; } td, th { padding: .2em .9em; text-align: right; border-bottom: 1px solid #ddd; }
td:first-child, th:first-child, td:last-child { text-align: left; } svg { max-width: 100%; } .note { color: #666; }
</style>
</head>
<body>
<h1>${title}</h1>
<p>${sentence(FAULTS[fault].explained)} ${sentence(PROFILES[profile].explained)}</p>
<p>${summary.asExpected} of ${summary.runs} runs came to what has to come of it. ${ratioText(summary)}</p>
${pictureOf(experiments)}
${legend(experiments)}
${tableOf(summary)}
<p class="note">Real hosts in network namespaces, real nginx, a connection every four milliseconds; the longest time
between two answers, as the client sees it. A bare move is the same device moved by hand, with neither EC2 nor the
product. ${cpus().length} processors, Linux ${release()}, Node.js ${process.versions.node}. The client itself was kept from running
for ${Math.max(0, ...experiments.map(({ proberPausedMs }) => proberPausedMs))} ms at the worst.</p>
<p class="note">Once more: <code>npm run demo -- --datapath --fault ${fault} --profile ${profile}${probes === 0 ? '' : ` --probe ${probes}`} --runs ${summary.runs} --report FILE.html</code></p>
</body>
</html>
`;
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function ratioText({ ratio, outage, bareMove }: Summary): string {
  if (ratio === null || outage === null || bareMove === null) return '';
  return `The outage lasts ${milliseconds(outage.median)} in the median, ${ratio} times as long as a bare move (${milliseconds(bareMove.median)}).`;
}

/** One row for each run: its outage in parts, and a line where the bare move of that run ends. */
function pictureOf(experiments: readonly Experiment[]): string {
  const longest = Math.max(1, ...experiments.flatMap(({ outageMs, bareMs }) => [outageMs ?? 0, ...bareMs]));
  const x = (ms: number): number => LABEL_PX + (ms / longest) * CHART_PX;
  const height = experiments.length * ROW_PX;
  const ticks = Array.from({ length: TICKS + 1 }, (_, nth) => (longest * nth) / TICKS).map(
    (ms) =>
      `<line x1="${px(x(ms))}" x2="${px(x(ms))}" y1="0" y2="${height}" stroke="#ddd"/>` +
      `<text x="${px(x(ms))}" y="${height + 14}" text-anchor="middle">${milliseconds(ms)}</text>`,
  );
  const rows = experiments.map((experiment, nth) => {
    const y = nth * ROW_PX + 3;
    const bare = x(experiment.bareMs.reduce((sum, ms) => sum + ms, 0) / experiment.bareMs.length);
    return (
      `<text x="${LABEL_PX - 6}" y="${y + 10}" text-anchor="end">run ${nth + 1}${experiment.asExpected ? '' : ' !'}</text>` +
      bars(experiment, x, y) +
      `<line x1="${px(bare)}" x2="${px(bare)}" y1="${y - 2}" y2="${y + ROW_PX - 4}" stroke="${BARE}" stroke-width="2"/>`
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LABEL_PX + CHART_PX + 40} ${height + 22}" font-size="11" role="img" aria-label="The outage of each run, in parts">
${ticks.join('\n')}
${rows.join('\n')}
</svg>`;
}

function bars({ parts, outageMs }: Experiment, x: (ms: number) => number, y: number): string {
  let fromMs = 0;
  const pieces = parts ? PARTS.map((part) => [part, parts[part]] as const) : [['outage', outageMs ?? 0] as const];
  return pieces
    .map(([part, ms]) => {
      const [left, right] = [x(fromMs), x(fromMs + ms)];
      fromMs += ms;
      const fill = part === 'outage' ? WHOLE : COLOURS[part];
      return `<rect x="${px(left)}" y="${y}" width="${px(right - left)}" height="${ROW_PX - 6}" fill="${fill}"><title>${part} ${milliseconds(ms)}</title></rect>`;
    })
    .join('');
}

function legend(experiments: readonly Experiment[]): string {
  const parts = experiments.some((experiment) => experiment.parts) ? PARTS : [];
  const items = [...parts.map((part) => [COLOURS[part], part] as const), [BARE, 'bare move'] as const];
  return `<p>${items.map(([colour, name]) => `<span style="color:${colour}">■</span> ${name}`).join(' &nbsp; ')}</p>`;
}

function tableOf({ outage, bareMove, parts }: Summary): string {
  const row = (name: string, figures: Figures | null, explained: string): string =>
    figures === null
      ? ''
      : `<tr><td>${name}</td><td>${milliseconds(figures.median)}</td><td>${milliseconds(figures.p95)}</td><td>${milliseconds(figures.max)}</td><td>${explained}</td></tr>\n`;
  const rows = PARTS.map((part) => row(part, parts?.[part] ?? null, PARTS_EXPLAINED[part]));
  return `<table>
<tr><th></th><th>median</th><th>p95</th><th>max</th><th></th></tr>
${row('<b>outage</b>', outage, 'the longest time without an answer')}${rows.join('')}${row('bare move', bareMove, 'the device moved by hand, there and back in each run')}</table>`;
}

const px = (value: number): string => value.toFixed(1);

/** `29.3 ms`, `480 ms`, `12.3 s`: no finer than it matters. */
export function milliseconds(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 100 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`;
}
