import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { buildConnector } from 'undici';
import { ElwatchError } from '../errors.ts';
import {
  type AllowHosts,
  isAllowedAddress,
  isAllowedHost,
  isPublicAddress,
  notPublic,
  plainHost,
} from './address-guard.ts';

/** One address that a name resolves to. */
export interface ResolvedAddress {
  address: string;
  family: number;
}

/** All addresses of a name; throws where it has none. It is not asked for literals. */
export type Resolve = (name: string) => Promise<ResolvedAddress[]>;

/** As the system resolves names, /etc/hosts included: whatever a connection of this machine would find. */
export const systemResolve: Resolve = (name) => lookup(name, { all: true });

export interface GuardOptions {
  allowHosts: AllowHosts;
  /** For tests; the system's otherwise. */
  resolve?: Resolve;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** A name server that never answers would hold every later message to the same host. */
const RESOLVE_TIMEOUT_MS = 10_000;

/**
 * Resolves a host and judges what comes out. One address that is not public refuses all of them: a name that
 * answers now this and now that is how such a guard is passed.
 *
 * @param host a name or an address, as in a URL
 * @throws ElwatchError `target-not-public`, `target-unknown`
 */
export async function resolveTarget(
  host: string,
  port: number,
  { allowHosts, resolve = systemResolve }: GuardOptions,
): Promise<ResolvedAddress[]> {
  const name = plainHost(host);
  const family = isIP(name);
  const addresses = family !== 0 ? [{ address: name, family }] : await resolveName(name, resolve);
  if (addresses.length === 0) throw unknownTarget(name, undefined);
  const refused = isAllowedHost(allowHosts, name, port)
    ? undefined
    : addresses.find(({ address }) => !isPublicAddress(address) && !isAllowedAddress(allowHosts, address));
  // Which address it was is not said: that would show the inside of this network to whoever made the target.
  if (refused !== undefined) throw notPublic(name, refused.address !== name);
  return addresses;
}

/**
 * A connector for undici that reaches public addresses only, whatever the URL says, and connects to the very
 * addresses that it judged. undici asks its `connect.lookup` for names alone, never for literals, so a guard
 * cannot live there. Host and SNI stay those of the name.
 */
export function createGuardedConnect(options: GuardOptions): buildConnector.connector {
  return (target, callback) => {
    const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
    resolveTarget(target.hostname, port, options).then(
      (addresses) => {
        const connect = buildConnector({
          timeout: CONNECT_TIMEOUT_MS,
          allowH2: false,
          lookup: pinned(addresses),
        } as buildConnector.BuildOptions);
        connect({ ...target, hostname: plainHost(target.hostname) }, callback);
      },
      (error: Error) => callback(error, null),
    );
  };
}

async function resolveName(name: string, resolve: Resolve): Promise<ResolvedAddress[]> {
  const late = new AbortController();
  try {
    return await Promise.race([
      resolve(name),
      wait(RESOLVE_TIMEOUT_MS, undefined, { signal: late.signal }).then(() => {
        throw new Error(`no answer in ${RESOLVE_TIMEOUT_MS} ms`);
      }),
    ]);
  } catch (cause) {
    throw unknownTarget(name, cause);
  } finally {
    late.abort();
  }
}

/** A lookup that knows one answer: nothing is resolved a second time between the judgement and the connection. */
function pinned(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_name, { all }, callback) => {
    if (all) callback(null, [...addresses]);
    else callback(null, addresses[0]!.address, addresses[0]!.family);
  };
}

function unknownTarget(name: string, cause: unknown): ElwatchError {
  return new ElwatchError('target-unknown', `the host ${name.slice(0, 300)} cannot be found`, {
    retry: true,
    hint: 'Check the name in the target address, and the DNS of this machine.',
    cause,
  });
}
