import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { App } from '../app.ts';
import { type AskApi, createRemoteApi, openLocalApi, TIMEOUT_MS } from '../mcp/ask-api.ts';
import { watchCalls } from '../mcp/calls-under-way.ts';
import { createMcpServer } from '../mcp/create-mcp-server.ts';
import { readVersion } from '../version.ts';

/** A call over the network has its answer by then, which may be that nothing answered. */
const MOST_WAIT_MS = TIMEOUT_MS + 5_000;

/** `elwatch mcp`: tools over the store of this configuration, until stdin ends. */
export async function runMcp({ parts }: App): Promise<void> {
  const api = openLocalApi(parts, readVersion());
  try {
    await serve(api.ask);
  } finally {
    await api.close();
  }
}

/** `elwatch mcp --url`: tools over a service that runs; needs no store. */
export function runRemoteMcp(url: string, token: string | null): Promise<void> {
  return serve(createRemoteApi(url, token));
}

/**
 * Stdout belongs to the protocol: nothing else may be written to it. Calls that are under way when stdin ends are
 * answered first: a shell that pipes them in ends it at once.
 */
async function serve(ask: AskApi): Promise<void> {
  const server = createMcpServer(ask, readVersion());
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
  });
  // The transport does not notice that whoever started us is gone.
  const ended = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve).once('close', resolve);
  });
  const transport = new StdioServerTransport();
  const calls = watchCalls(transport);
  await server.connect(transport);
  await Promise.race([closed, ended.then(() => calls.settled(MOST_WAIT_MS))]);
  await server.close();
}
