import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { ALLOW_NONE, readAllowHosts } from '../../src/channel/address-guard.ts';
import { type Resolve, resolveTarget } from '../../src/channel/guarded-connect.ts';
import { createGuardedPost } from '../../src/channel/guarded-post.ts';
import { startReceiver } from '../helpers/receiver.ts';

const userAgent = 'entity-list-watch/test';
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A name server whose answers are one list after another; the last one stays. */
function answering(...lists: string[][]): Resolve & { asked: string[] } {
  const asked: string[] = [];
  const resolve = async (name: string) => {
    const list = lists[Math.min(asked.length, lists.length - 1)]!;
    asked.push(name);
    return list.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return Object.assign(resolve, { asked });
}

function openDoor(resolve: Resolve | undefined, allow: string[] = [], timeoutSeconds = 3) {
  const door = createGuardedPost({
    allowHosts: readAllowHosts(allow),
    userAgent,
    timeoutSeconds,
    ...(resolve === undefined ? {} : { resolve }),
  });
  closers.push(() => door.close());
  return door;
}

async function openReceiver(...args: Parameters<typeof startReceiver>) {
  const receiver = await startReceiver(...args);
  closers.push(() => receiver.close());
  return receiver;
}

describe('what a name resolves to', () => {
  test('is refused where one address of several is not public, in any place', async () => {
    for (const list of [
      ['127.0.0.1'],
      ['93.184.216.34', '10.0.0.1'],
      ['10.0.0.1', '93.184.216.34'],
      ['2606:4700::1111', '::1'],
      ['::ffff:127.0.0.1'],
      ['169.254.169.254'],
      ['fd00:ec2::254'],
      ['93.184.216.34', '::7f00:1'],
      ['not an address'],
    ]) {
      const options = { allowHosts: ALLOW_NONE, resolve: answering(list) };
      await expect(resolveTarget('hooks.example.org', 443, options)).rejects.toMatchObject({
        code: 'target-not-public',
        retry: true,
      });
    }
  });

  test('is kept whole where all of it is public', async () => {
    const list = ['93.184.216.34', '2606:4700::1111'];
    const found = await resolveTarget('hooks.example.org.', 443, {
      allowHosts: ALLOW_NONE,
      resolve: answering(list),
    });
    expect(found.map(({ address }) => address)).toEqual(list);
  });

  test('may lie in a range that the operator allows, and nowhere else', async () => {
    const allowHosts = readAllowHosts(['10.0.0.0/8']);
    const resolve = answering(['10.1.1.1'], ['10.1.1.1', '192.168.0.1']);
    await expect(resolveTarget('a.example.org', 443, { allowHosts, resolve })).resolves.toHaveLength(1);
    await expect(resolveTarget('a.example.org', 443, { allowHosts, resolve })).rejects.toMatchObject({
      code: 'target-not-public',
    });
  });

  test('says nothing of the address inside to whoever made the target', async () => {
    const options = { allowHosts: ALLOW_NONE, resolve: answering(['10.11.12.13']) };
    await expect(resolveTarget('a.example.org', 443, options)).rejects.toThrow(/^(?!.*10\.11).*$/su);
  });

  test('is an unknown target where it is nothing', async () => {
    for (const resolve of [answering([]), () => Promise.reject(new Error('ENOTFOUND'))])
      await expect(
        resolveTarget('a.example.org', 443, { allowHosts: ALLOW_NONE, resolve }),
      ).rejects.toMatchObject({ code: 'target-unknown', retry: true });
  });

  test('is not asked for literals, which are judged as they stand', async () => {
    const resolve = answering(['93.184.216.34']);
    await expect(resolveTarget('127.0.0.1', 443, { allowHosts: ALLOW_NONE, resolve })).rejects.toMatchObject({
      code: 'target-not-public',
      retry: false,
    });
    await expect(resolveTarget('[::1]', 443, { allowHosts: ALLOW_NONE, resolve })).rejects.toThrow();
    expect(resolve.asked).toEqual([]);
  });
});

describe('a connection', () => {
  test('goes to the address that was judged, under the name of the target', async () => {
    const receiver = await openReceiver();
    const resolve = answering(['127.0.0.1'], ['127.0.0.9']);
    const door = openDoor(resolve, [`hooks.example.org:${receiver.port}`]);
    const answer = await door.post(`http://hooks.example.org:${receiver.port}/in?a=1`, '{}');
    expect(answer.status).toBe(204);
    expect(receiver.received).toMatchObject([
      { method: 'POST', path: '/in?a=1', headers: { host: `hooks.example.org:${receiver.port}` } },
    ]);
    expect(resolve.asked).toEqual(['hooks.example.org']);
  });

  test('is never opened where a name that was public at first now leads inside', async () => {
    const receiver = await openReceiver();
    const resolve = answering(['93.184.216.34'], ['127.0.0.1']);
    await expect(
      resolveTarget('rebind.example.org', receiver.port, { allowHosts: ALLOW_NONE, resolve }),
    ).resolves.toHaveLength(1);
    const door = openDoor(resolve);
    await expect(door.post(`https://rebind.example.org:${receiver.port}/`, '{}')).rejects.toMatchObject({
      code: 'target-not-public',
    });
    expect(receiver.received).toEqual([]);
  });

  test('is judged anew for each message, also where an earlier one was let through', async () => {
    const receiver = await openReceiver((response) => response.writeHead(204, { connection: 'close' }).end());
    const resolve = answering(['127.0.0.1'], ['192.168.0.1']);
    const door = openDoor(resolve, ['127.0.0.0/8', 'nothing.example']);
    const post = () => door.post(`https://hooks.example.org:${receiver.port}/`, '{}');
    // The receiver speaks no TLS: that it was connected to at all is what counts.
    await expect(post()).rejects.toMatchObject({ code: 'target-network' });
    await expect(post()).rejects.toMatchObject({ code: 'target-not-public' });
  });

  test('to a literal meets the same guard', async () => {
    const receiver = await openReceiver();
    const door = openDoor(undefined);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433'])
      await expect(door.post(`https://${host}:${receiver.port}/`, '{}')).rejects.toMatchObject({
        code: 'target-not-public',
      });
    expect(receiver.received).toEqual([]);
  });

  test('by https tells the server the name, and takes no certificate that it cannot check', async () => {
    const names: string[] = [];
    const server = createServer({
      SNICallback: (name, callback) => {
        names.push(name);
        callback(null);
      },
    });
    server.on('tlsClientError', () => {});
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const door = openDoor(answering(['127.0.0.1']), ['hooks.example.org']);
    await expect(door.post(`https://hooks.example.org:${port}/`, '{}')).rejects.toMatchObject({
      code: 'target-network',
      retry: true,
    });
    expect(names).toEqual(['hooks.example.org']);
  });

  test('waits for no name server for ever, and lets the next message pass', async () => {
    const receiver = await openReceiver();
    let hang = true;
    const resolve: Resolve = (name) => (hang ? new Promise(() => {}) : answering(['127.0.0.1'])(name));
    const door = openDoor(resolve, ['hooks.example.org', 'other.example.org'], 0.2);
    const begun = Date.now();
    await expect(door.post(`http://hooks.example.org:${receiver.port}/`, '{}')).rejects.toMatchObject({
      code: 'target-timeout',
    });
    expect(Date.now() - begun).toBeLessThan(2_000);
    hang = false;
    await expect(door.post(`http://other.example.org:${receiver.port}/`, '{}')).resolves.toMatchObject({
      status: 204,
    });
  });
});
