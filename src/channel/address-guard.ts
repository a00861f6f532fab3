import ipaddr from 'ipaddr.js';
import { ElwatchError } from '../errors.ts';

/** What an operator lets targets be beside the public network; made by `readAllowHosts`. */
export interface AllowHosts {
  /** "host" for every port of it, "host 9000" for one: a colon could be a part of an IPv6 address. */
  hosts: ReadonlySet<string>;
  ranges: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];
}

export const ALLOW_NONE: AllowHosts = { hosts: new Set(), ranges: [] };

/**
 * Services for virtual machines on addresses that are public by number: 168.63.129.16 is Azure's. All others
 * known (169.254.169.254, 100.100.100.200, 192.0.0.192, fd00:ec2::254) lie in ranges that are refused anyway.
 */
const METADATA = new Set(['168.63.129.16']);
/** RFC 4291 §2.4 with the IANA registry: all global unicast that was ever assigned. */
const GLOBAL_UNICAST: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];
/** RFC 6761, 6762, 8375 and ICANN's `.internal`: names that only ever mean a local network. */
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home\.arpa)$/u;
const HTTPS_PORT = 443;
const FIRST_PLAIN_PORT = 1024;
const LONGEST_URL = 2_000;

/** Whether an address, in any form that `ipaddr.js` reads, is one of the public network and of no known service. */
export function isPublicAddress(address: string): boolean {
  // A zone ("fe80::1%eth0") names an interface of this machine.
  if (address.includes('%') || !ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast' || METADATA.has(parsed.toString())) return false;
  // The library calls everything outside its table unicast, "::127.0.0.1" (RFC 4291 §2.5.5.1) among it.
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST);
}

/** The name or literal of a URL as it is compared: without brackets and without the dot of the root. */
export function plainHost(hostname: string): string {
  return hostname
    .replace(/^\[|\]$/gu, '')
    .replace(/\.+$/u, '')
    .toLowerCase();
}

/**
 * Reads the operator's list: names ("hooks.corp.example"), names with a port ("localhost:9000"), addresses
 * ("10.1.2.3", "[::1]:8080") and ranges ("10.0.0.0/8", "fd00::/8").
 *
 * @throws ElwatchError `invalid-allow-host`
 */
export function readAllowHosts(entries: readonly string[]): AllowHosts {
  const hosts = new Set<string>();
  const ranges: [ipaddr.IPv4 | ipaddr.IPv6, number][] = [];
  for (const entry of entries.map((one) => one.trim()).filter((one) => one !== '')) {
    if (ipaddr.isValidCIDR(entry)) {
      ranges.push(ipaddr.parseCIDR(entry));
      continue;
    }
    const authority = ipaddr.IPv6.isValid(entry) ? `[${entry}]` : entry;
    // A scheme without a port of its own keeps every port that is written.
    const url = /[\s/?#@\\]/u.test(authority) ? null : parseUrl(`ws:${authority}`);
    const port = /:(\d+)$/u.exec(authority)?.[1];
    const host = url === null ? '' : plainHost(url.hostname);
    if (host === '') throw invalidAllowHost(entry);
    hosts.add(port === undefined || authority.endsWith(']') ? host : `${host} ${Number(port)}`);
  }
  return { hosts, ranges };
}

/** Whether the operator lets this host be reached on this port whatever address it has. */
export function isAllowedHost(allow: AllowHosts, host: string, port: number): boolean {
  return allow.hosts.has(host) || allow.hosts.has(`${host} ${port}`) || isAllowedAddress(allow, host);
}

/** Whether an address lies in a range that the operator lets be reached. */
export function isAllowedAddress(allow: AllowHosts, address: string): boolean {
  if (address.includes('%') || !ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  return allow.ranges.some(([base, bits]) => base.kind() === parsed.kind() && parsed.match(base, bits));
}

/** The port that a URL leads to. */
export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'http:' ? 80 : HTTPS_PORT) : Number(url.port);
}

/**
 * Judges the address of a target by its form: https without a login, on port 443 or from 1024 up, to a public
 * address or a name that can be public. Hosts that the operator allows may also have plain http and any port.
 * What a name resolves to is judged at every connect (`guarded-connect.ts`), since it can change.
 *
 * @throws ElwatchError `invalid-target`, `target-not-public`
 */
export function judgeTarget(target: string, allow: AllowHosts = ALLOW_NONE): URL {
  const url = target.length > LONGEST_URL ? null : parseUrl(target);
  if (url === null) throw invalidTarget('is no valid URL');
  if (url.username !== '' || url.password !== '') throw invalidTarget('holds a user name or password');
  const host = plainHost(url.hostname);
  const port = portOf(url);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalidTarget('is not an https address');
  if (isAllowedHost(allow, host, port)) return url;
  if (url.protocol === 'http:')
    throw invalidTarget('is plain http, over which anybody could read and change');
  if (port !== HTTPS_PORT && port < FIRST_PLAIN_PORT)
    throw invalidTarget(`has port ${port}, which belongs to another service`);
  if (ipaddr.isValid(host) ? !isPublicAddress(host) : isLocalName(host)) throw notPublic(host, false);
  return url;
}

function isLocalName(host: string): boolean {
  // A name without a dot means whatever the search list of this machine makes of it.
  return LOCAL_NAME.test(host) || !host.includes('.');
}

/** The error for a target on no public address. @param retry true where only DNS said so: it can be mended */
export function notPublic(what: string, retry: boolean): ElwatchError {
  return new ElwatchError(
    'target-not-public',
    `${what.slice(0, 300)} is not an address of the public network`,
    {
      retry,
      hint: 'Use a public https address, or ask the operator to list the host in WEBHOOK_ALLOW_HOSTS.',
    },
  );
}

function invalidTarget(reason: string): ElwatchError {
  // The address itself can be a secret (Slack's and Teams' are), so it is not shown.
  return new ElwatchError('invalid-target', `the target address ${reason}`, {
    retry: false,
    hint: 'Write it as https://host/path, without a user name, on port 443 or from 1024 up.',
  });
}

function invalidAllowHost(entry: string): ElwatchError {
  return new ElwatchError(
    'invalid-allow-host',
    `${JSON.stringify(entry.slice(0, 100))} is neither a host, a host with a port, nor a range`,
    { retry: false, hint: 'Write WEBHOOK_ALLOW_HOSTS as hooks.corp.example, localhost:9000, 10.0.0.0/8' },
  );
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
