import { formatTarget, readTarget } from '../../../lib/probe/target.ts';

const LABEL = 'Tag eni-failover:probe';

describe('a target', () => {
  it.each([
    ['tcp:443', { kind: 'tcp', port: 443 }],
    ['alive:22', { kind: 'alive', port: 22 }],
    ['http:80/healthz', { kind: 'http', port: 80, path: '/healthz' }],
    ['https:8443/up', { kind: 'https', port: 8443, path: '/up' }],
    ['https:8443/up?deep=1&x=a:b', { kind: 'https', port: 8443, path: '/up?deep=1&x=a:b' }],
    ['tcp:1', { kind: 'tcp', port: 1 }],
    ['tcp:65535', { kind: 'tcp', port: 65_535 }],
  ] as const)('should be read from %s, and written as that', (text, target) => {
    expect(readTarget(LABEL, text)).toEqual({ ok: true, target });
    expect(formatTarget(target)).toBe(text);
  });

  it('should have the path / where none is given', () => {
    expect(readTarget(LABEL, 'http:80')).toEqual({ ok: true, target: { kind: 'http', port: 80, path: '/' } });
  });

  it.each([
    ['', ['a kind and a port', 'port from 1 to 65535, not ""']],
    ['443', ['a kind and a port', 'port from 1 to 65535']],
    ['htp:80', ['begin with tcp, alive, http or https, not with "htp"']],
    ['TCP:443', ['begin with tcp']],
    ['udp:53', ['begin with tcp']],
    ['tcp:', ['port from 1 to 65535, not ""']],
    ['tcp:0', ['port from 1 to 65535, not "0"']],
    ['tcp:65536', ['port from 1 to 65535, not "65536"']],
    ['tcp:080', ['port from 1 to 65535']],
    ['tcp:4e2', ['port from 1 to 65535']],
    ['tcp:443:1', ['port from 1 to 65535, not "443:1"']],
    ['tcp:443/x', ['must have no path']],
    ['alive:22/', ['must have no path']],
    ['http:80#top', ['port from 1 to 65535']],
    ['http:80/a#top', ['plain characters']],
    ['http:80/ü', ['plain characters']],
    [' tcp:443', ['no blanks', 'begin with tcp']],
    ['http:80/a b', ['no blanks']],
    ['http:80/a\u00a0b', ['no blanks']],
    ['http:80/a\r\nHost: x', ['no control characters', 'no blanks']],
    ['http:80/\u0000', ['no control characters']],
    ['http:80/\u0085', ['no control characters']],
    [`http:80/${'a'.repeat(200)}`, ['at most 200 characters, not 208']],
    ['htp:70000/ x', ['no blanks', 'begin with tcp', 'port from 1 to 65535']],
  ])('should be refused in %j, with every fault', (text, faults) => {
    const reading = readTarget(LABEL, text);
    const found = reading.ok ? [] : reading.faults;
    expect(found).toHaveLength(faults.length);
    for (const [i, fault] of faults.entries()) expect(found[i]).toContain(fault);
    for (const fault of found) {
      expect(fault).toMatch(/^Tag eni-failover:probe must /);
      // One line, whatever was written.
      expect(fault).toMatch(/^[\x20-\x7e]+$/);
    }
  });
});
