import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { type StartedElwatch, startElwatch } from './helpers/start-elwatch.ts';
import { until } from './helpers/until.ts';

vi.setConfig({ testTimeout: 120_000 });

let dataDir: string | null = null;
let service: StartedElwatch | null = null;
afterEach(async () => {
  service?.kill();
  await service?.ended;
  if (dataDir !== null) await rm(dataDir, { recursive: true, force: true });
});

/** The embedded default, with an upstream that is not there. */
async function start(): Promise<StartedElwatch> {
  dataDir = await mkdtemp(join(tmpdir(), 'elwatch-stop-'));
  const nowhere = 'http://127.0.0.1:9';
  service = startElwatch({
    ...{ DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'info' },
    ...{ FEDERAL_REGISTER_URL: nowhere, ECFR_URL: nowhere, GOVINFO_URL: nowhere, CSL_URL: nowhere },
  });
  return service;
}

const isStopping = ({ lines }: StartedElwatch) => lines.some(({ msg }) => msg === 'stopping');

test('the first signal of either kind stops the service in good order', async () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const running = await start();
    await running.started();
    running.signal(signal);
    expect(await running.ended).toBe(0);
    await rm(dataDir!, { recursive: true });
  }
});

test('a signal that comes while the service begins is heeded as soon as it has begun', async () => {
  const beginning = await start();
  // The store is there, and the service on it is not yet.
  await until('its first words', () => beginning.said() !== '', 60);
  expect(beginning.lines.some(({ msg }) => msg === 'started')).toBe(false);
  beginning.signal('SIGTERM');
  expect(await beginning.ended).toBe(0);
  expect(isStopping(beginning)).toBe(true);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('a second %s ends the service at once, with %i', async (signal, code) => {
  const running = await start();
  const { url } = await running.started();
  // A request whose body is still to come: the service would wait for it.
  const socket = connect(Number(new URL(url!).port), '127.0.0.1').on('error', () => {});
  socket.write('POST /sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n');
  running.signal(signal);
  await until('the first is heeded', () => isStopping(running), 30);
  running.signal(signal);
  expect(await running.ended).toBe(code);
  socket.destroy();
});
