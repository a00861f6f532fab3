import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port on this machine that nobody listens on, for a server that must know its address before it listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const closed = once(server, 'close');
  server.close();
  await closed;
  if (typeof address !== 'object' || address === null) throw new Error('the system gave no port');
  return address.port;
}
