import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createRemoteApi } from '../../src/mcp/ask-api.ts';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function ask(answer: RequestListener) {
  server = createServer(answer);
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return createRemoteApi(url, 'elw_secret')({ path: '/entries' });
}

test('an answer that does not end is given up', async () => {
  const endless = ask((_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, 0x20)));
    };
    response.on('drain', more);
    more();
  });
  await expect(endless).rejects.toMatchObject({ code: 'api-refused', retry: false });
});

test('one that breaks off, or leads elsewhere, is no answer and may be asked again', async () => {
  const broken = ask((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{');
    setTimeout(() => response.destroy(), 20);
  });
  await expect(broken).rejects.toMatchObject({ code: 'api-unreachable', retry: true });
  const elsewhere = ask((_request, response) => {
    response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end();
  });
  await expect(elsewhere).rejects.toMatchObject({ code: 'api-unreachable' });
});

test('one that is no JSON is refused', async () => {
  const page = ask((_request, response) => void response.end('<!DOCTYPE html>'));
  await expect(page).rejects.toMatchObject({ code: 'api-refused' });
});
