import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ALLOW_NONE,
  isAllowedAddress,
  isPublicAddress,
  judgeTarget,
  readAllowHosts,
} from '../../src/channel/address-guard.ts';

/** Code of the refusal, or null. */
function refusalOf(target: string, allow = ALLOW_NONE): string | null {
  try {
    judgeTarget(target, allow);
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('a target that leads inside is refused by its form', () => {
  test.each([
    '127.0.0.1',
    'localhost',
    'LOCALHOST',
    '[::1]',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '127.0.0.1.',
    '[::ffff:7f00:1]',
    '[::ffff:127.0.0.1]',
    '[::7f00:1]',
    '[::]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '0',
    '0.0.0.0',
    '169.254.169.254',
    '168.63.129.16',
    '100.100.100.200',
    '192.0.0.192',
    '[fd00:ec2::254]',
    '[fe80::1]',
    '[fec0::1]',
    '100.64.0.1',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '[ff02::1]',
    '[2001:db8::1]',
    '①②⑦.⓪.⓪.①',
    'localhost.',
    'app.localhost',
    'printer.local',
    'metadata.google.internal',
    'router.home.arpa',
    'intranet',
  ])('https://%s', (host) => {
    expect(refusalOf(`https://${host}/hook`)).toBe('target-not-public');
    expect(refusalOf(`https://${host}:8443/hook`)).toBe('target-not-public');
  });

  test.each([
    ['user@127.0.0.1', 'https://user@127.0.0.1/'],
    ['a user name before a public host', 'https://user:secret@hooks.example.org/'],
    ['plain http', 'http://hooks.example.org/'],
    ['another scheme', 'ftp://hooks.example.org/'],
    ['a file', 'file:///etc/passwd'],
    ['a script', 'javascript:alert(1)'],
    ['no URL', 'hooks.example.org/x'],
    ['a zone', 'https://[fe80::1%25eth0]/'],
    ['the port of SSH', 'https://hooks.example.org:22/'],
    ['the port of mail', 'https://hooks.example.org:25/'],
    ['port 0', 'https://hooks.example.org:0/'],
    ['a URL without end', `https://hooks.example.org/${'x'.repeat(3_000)}`],
  ])('%s', (_what, target) => {
    expect(refusalOf(target)).toBe('invalid-target');
  });
});

test('public targets are let through, and a message never shows the address, which can be a secret', () => {
  for (const target of [
    'https://hooks.example.org/services/T0/B0/key',
    'https://hooks.example.org:8443/x',
    'https://hooks.example.org:443/x',
    'https://例え.jp/x',
    'https://8.8.8.8/x',
    'https://[2606:4700::1111]/x',
  ])
    expect(refusalOf(target)).toBeNull();
  expect(() => judgeTarget('https://u:geheim@hooks.example.org/T0/key')).toThrow(/^(?!.*(?:geheim|T0)).*$/su);
});

describe('an address', () => {
  const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
  /** RFC 6890 and its successors, written anew and not taken from the library. */
  const isSpecial = ([a, b, c]: number[]) =>
    a === 0 ||
    a === 10 ||
    a === 127 ||
    a! >= 224 ||
    (a === 100 && b! >= 64 && b! < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b! >= 16 && b! < 32) ||
    (a === 192 && b === 168) ||
    (a === 192 && b === 0 && (c === 0 || c === 2)) ||
    (a === 198 && (b === 18 || b === 19)) ||
    (a === 198 && b === 51 && c === 100) ||
    (a === 203 && b === 0 && c === 113);

  test('of a special range is never public', () => {
    fc.assert(fc.property(octets.filter(isSpecial), (one) => !isPublicAddress(one.join('.'))));
  });

  test('that carries another within is never public, whatever it carries', () => {
    fc.assert(
      fc.property(octets, fc.constantFrom('::ffff:', '::', '64:ff9b::'), (one, head) => {
        return !isPublicAddress(head + one.join('.'));
      }),
    );
  });

  test('of the public network is', () => {
    for (const address of ['1.1.1.1', '8.8.8.8', '93.184.216.34', '2606:4700::1111', '2001:4860:4860::8888'])
      expect(isPublicAddress(address)).toBe(true);
  });

  test('that nobody can read is not', () => {
    for (const text of ['', 'example.org', '8.8.8.8%eth0', '2606:4700::1111%1', '1.2.3.4.5', '8.8.8.8 '])
      expect(isPublicAddress(text)).toBe(false);
  });
});

describe('an operator may allow', () => {
  test('a host on any port, or on one', () => {
    const allow = readAllowHosts(['Hooks.corp.example.', 'localhost:9000', ' ']);
    expect(refusalOf('http://hooks.corp.example:22/x', allow)).toBeNull();
    expect(refusalOf('http://HOOKS.corp.example./x', allow)).toBeNull();
    expect(refusalOf('http://localhost:9000/x', allow)).toBeNull();
    expect(refusalOf('http://localhost:9001/x', allow)).toBe('invalid-target');
    expect(refusalOf('https://localhost/x', allow)).toBe('target-not-public');
    expect(refusalOf('http://user@localhost:9000/x', allow)).toBe('invalid-target');
    expect(refusalOf('ftp://localhost:9000/x', allow)).toBe('invalid-target');
    expect(refusalOf('https://evil-hooks.corp.example.org/x', readAllowHosts(['corp.example']))).toBeNull();
    expect(refusalOf('https://a.localhost/x', allow)).toBe('target-not-public');
  });

  test('literals of both kinds, the default port of http among them', () => {
    const allow = readAllowHosts(['10.1.2.3:80', '[::1]:8080', '::2']);
    expect(refusalOf('http://10.1.2.3/x', allow)).toBeNull();
    expect(refusalOf('https://10.1.2.3/x', allow)).toBe('target-not-public');
    expect(refusalOf('http://[::1]:8080/x', allow)).toBeNull();
    expect(refusalOf('http://[::1:8080]/x', allow)).toBe('invalid-target');
    expect(refusalOf('http://[::2]/x', allow)).toBeNull();
  });

  test('ranges, which hold no address that another one carries', () => {
    const allow = readAllowHosts(['10.0.0.0/8', 'fd00::/8']);
    expect(refusalOf('http://10.200.0.1:3000/x', allow)).toBeNull();
    expect(refusalOf('https://[fd12::1]/x', allow)).toBeNull();
    expect(refusalOf('https://11.0.0.1/x', allow)).toBeNull();
    expect(refusalOf('https://127.0.0.1/x', allow)).toBe('target-not-public');
    expect(refusalOf('https://[::ffff:10.0.0.1]/x', allow)).toBe('target-not-public');
    expect(isAllowedAddress(allow, '10.0.0.1%eth0')).toBe(false);
  });

  test.each([
    'http://x.example',
    'a b',
    'host:port',
    'host:99999',
    '10.0.0.0/33',
    'u@host',
    'host/path',
    '[::1',
  ])('not %s, and says so at the start', (entry) => {
    expect(() => readAllowHosts([entry])).toThrow(expect.objectContaining({ code: 'invalid-allow-host' }));
  });
});
