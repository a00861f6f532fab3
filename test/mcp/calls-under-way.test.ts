import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { watchCalls } from '../../src/mcp/calls-under-way.ts';

/** Longer than any test runs. */
const EVER = 1_000_000;

async function open() {
  const [client, transport] = InMemoryTransport.createLinkedPair();
  const calls = watchCalls(transport);
  await Promise.all([client.start(), transport.start()]);
  const ask = (id: number) => client.send({ jsonrpc: '2.0', id, method: 'tools/call' });
  return { client, transport, calls, ask };
}
const answer = (id: number): JSONRPCMessage => ({ jsonrpc: '2.0', id, result: {} });

test('without a call nothing is waited for', async () => {
  const { calls } = await open();
  expect(await calls.settled(EVER)).toBe(true);
});

test('each call is waited for until it is answered, one of id 0 too', async () => {
  const { calls, ask, transport } = await open();
  await ask(0);
  await ask(1);
  let isSettled = false;
  const settled = calls.settled(EVER).then((all) => {
    isSettled = true;
    return all;
  });
  await transport.send(answer(1));
  await new Promise(setImmediate);
  expect(isSettled).toBe(false);
  await transport.send({ jsonrpc: '2.0', id: 0, error: { code: -32603, message: 'no' } });
  expect(await settled).toBe(true);
});

test('a call that nobody answers is given up in the end', async () => {
  const { calls, ask } = await open();
  await ask(7);
  expect(await calls.settled(1)).toBe(false);
});

test('a call that was taken back is not waited for', async () => {
  const { calls, ask, client } = await open();
  await ask(7);
  const settled = calls.settled(EVER);
  await client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } });
  expect(await settled).toBe(true);
});

test('whoever listened before hears each message', async () => {
  const [client, transport] = InMemoryTransport.createLinkedPair();
  const heard: JSONRPCMessage[] = [];
  transport.onmessage = (message) => void heard.push(message);
  watchCalls(transport);
  await client.send({ jsonrpc: '2.0', id: 1, method: 'ping' });
  expect(heard).toMatchObject([{ method: 'ping' }]);
});
