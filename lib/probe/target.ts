/**
 * What the tag `probe` of a floating interface asks for: `tcp:443`, `alive:22`, `http:80/healthz`, `https:8443/up`.
 * Pure: no socket, no clock.
 */
export type Target =
  /** `tcp`: the connection has to be accepted. `alive`: any answer is life, a refusal too. */
  | { readonly kind: 'tcp' | 'alive'; readonly port: number }
  /** A status from 200 to 399 is wanted; redirects are not followed, a certificate is not verified. */
  | { readonly kind: 'http' | 'https'; readonly port: number; readonly path: string };

export type TargetKind = Target['kind'];

/** What could be made of a tag: a target, or every fault it has. */
export type TargetReading =
  | { readonly ok: true; readonly target: Target }
  | { readonly ok: false; readonly faults: readonly string[] };

const KINDS: readonly string[] = ['tcp', 'alive', 'http', 'https'];
/** EC2 allows 256 characters in the value of a tag; a path as long as that is a mistake. */
const MOST_CHARACTERS = 200;
/** What may stand in the path of a request line without being encoded (RFC 9112, section 3): no blanks, no fragment. */
const PATH = /^\/[\x21\x22\x24-\x7e]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x1f\x7f-\x9f]/;

/**
 * Reads the value of the tag.
 * @param label the name that whoever wrote it knows it by: it begins each fault.
 * @returns the target, or one sentence for each thing that is wrong.
 */
export function readTarget(label: string, text: string): TargetReading {
  const [kind = '', ...rest] = text.split(':');
  const [, port = '', path] = /^([^/]*)(\/[^]*)?$/.exec(rest.join(':')) ?? [];
  const faults = [...textFaults(text), ...kindFaults(kind, rest.length > 0), ...portFaults(port)];
  if (path !== undefined) faults.push(...pathFaults(kind, path));
  if (faults.length > 0) return { ok: false, faults: faults.map((fault) => `${label} ${fault} (${quoted(text)})`) };
  return { ok: true, target: targetOf(kind as TargetKind, Number(port), path) };
}

/** The one notation of a target, in tags and between the functions. */
export function formatTarget(target: Target): string {
  return `${target.kind}:${target.port}${'path' in target ? target.path : ''}`;
}

function targetOf(kind: TargetKind, port: number, path = '/'): Target {
  return kind === 'tcp' || kind === 'alive' ? { kind, port } : { kind, port, path };
}

function textFaults(text: string): string[] {
  const faults: string[] = [];
  if (text.length > MOST_CHARACTERS) faults.push(`must be at most ${MOST_CHARACTERS} characters, not ${text.length}.`);
  if (CONTROL.test(text)) faults.push('must have no control characters.');
  if (/\s/.test(text.replace(/[\t\n\v\f\r]/g, ''))) faults.push('must have no blanks.');
  return faults;
}

function kindFaults(kind: string, hasColon: boolean): readonly string[] {
  if (!hasColon) return ['must be a kind and a port, like tcp:443, alive:22, http:80/healthz or https:8443/up.'];
  return KINDS.includes(kind) ? [] : [`must begin with tcp, alive, http or https, not with ${quoted(kind)}.`];
}

function portFaults(port: string): readonly string[] {
  const value = /^[1-9]\d{0,4}$/.test(port) ? Number(port) : 0;
  return value >= 1 && value <= 65_535 ? [] : [`must name a port from 1 to 65535, not ${quoted(port)}.`];
}

function pathFaults(kind: string, path: string): readonly string[] {
  if (kind === 'tcp' || kind === 'alive') return [`must have no path: only http and https ask for one.`];
  return PATH.test(path) || /[\s]/.test(path) || CONTROL.test(path)
    ? []
    : ['must have a path of plain characters, others as %20 and the like, and no fragment.'];
}

/** Whatever was written, on one line, and not all of it. */
function quoted(text: string): string {
  const start = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
  return start.replaceAll(/[^\x20-\x7e]/g, (odd) => `\\u${odd.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
