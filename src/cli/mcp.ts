import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { App } from '../app.ts';
import { type AskApi, createRemoteApi, openLocalApi } from '../mcp/ask-api.ts';
import { createMcpServer } from '../mcp/create-mcp-server.ts';
import { readVersion } from '../version.ts';

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

/** Stdout belongs to the protocol: nothing else may be written to it. */
async function serve(ask: AskApi): Promise<void> {
  const server = createMcpServer(ask, readVersion());
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
    // The transport does not notice that whoever started us is gone.
    process.stdin.once('end', resolve).once('close', resolve);
  });
  await server.connect(new StdioServerTransport());
  await closed;
  await server.close();
}
