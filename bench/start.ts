import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startStandIn } from '../src/demo/stand-in.ts';
import { type Place, places } from '../test/helpers/databases.ts';
import { freePort } from '../test/helpers/free-port.ts';
import type { Figure } from './measure.ts';

const ELWATCH = fileURLToPath(new URL('../bin/elwatch', import.meta.url));
const SUPPLEMENT = new URL('../fixtures/list/supplement-4-2025-03-24.xml.gz', import.meta.url);
const LATER_STARTS = 3;
/** Until what a start does besides listening is over, and its garbage is collected. */
const IDLE_MS = 15_000;
const READING = [['list'], ['why', 'Inspur'], ['changes'], ['held'], ['diff', '2025-03-24', '2025-03-24']];

/** How much memory the service may take on each store. */
const MOST_MB: Record<string, number> = { PGlite: 400, PostgreSQL: 160 };

/**
 * From the start of the process to its first answer, the first time and later; the memory of an idle service; and
 * commands that read, on a store with a whole list. Against a process of Node that answers one request and does
 * nothing else.
 */
export async function benchStart(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const place of places) if (Object.hasOwn(MOST_MB, place.name)) figures.push(...(await measure(place)));
  return figures;
}

async function measure(place: Place): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'elwatch-bench-'));
  const upstream = await startStandIn({
    documents: [],
    supplements: [{ list: 'entity-list', from: '2025-03-24', xml: await readFile(SUPPLEMENT) }],
    today: '2025-03-28',
  });
  const opened = await place.open();
  const environment = {
    PATH: process.env.PATH ?? '',
    DATA_DIR: dataDir,
    ...opened.environment,
    FEDERAL_REGISTER_URL: upstream.url,
    ECFR_URL: upstream.url,
    GOVINFO_URL: upstream.url,
    CSL_URL: upstream.url,
    LOG_LEVEL: 'error',
  };
  const start = async (): Promise<Started> => startAndAsk(process.execPath, [ELWATCH, 'start'], environment);
  const bare = async (): Promise<Started> =>
    startAndAsk(
      process.execPath,
      ['-e', "require('http').createServer((_, answer) => answer.end('ok')).listen(process.env.PORT)"],
      environment,
    );
  try {
    const baseline = await stop(await bare());
    const first = await stop(await start());
    await run(['baseline', '2025-03-24'], environment);
    const later: number[] = [];
    for (let turn = 0; turn < LATER_STARTS; turn += 1) later.push(await stop(await start()));
    const idle = await start();
    await sleep(IDLE_MS);
    const memory = await residentMegabytes(idle.child);
    const idleBare = await bare();
    const bareMemory = await residentMegabytes(idleBare.child);
    await stop(idleBare);
    await stop(idle);
    const reading: number[] = [];
    for (const command of READING) reading.push(await run(command, environment));
    const node = await time(() => ended(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' })));
    const figure = (name: string, milliseconds: number, goalMs: number): Figure => ({
      name: `${name} on ${place.name}`,
      milliseconds,
      baseline: 'Node that listens and does nothing else',
      baselineMilliseconds: baseline,
      ratio: milliseconds / baseline,
      goal: { text: `at most ${goalMs} ms`, reached: milliseconds <= goalMs },
    });
    const slowest = Math.max(...reading);
    const mostMb = MOST_MB[place.name]!;
    return [
      figure('from the first start to an answer', first, 1_500),
      figure(`from a later start to an answer, slowest of ${LATER_STARTS}`, Math.max(...later), 1_000),
      {
        name: `resident memory of the idle service on ${place.name}: ${memory.toFixed(0)} MB`,
        milliseconds: null,
        baseline: `Node that listens and does nothing else: ${bareMemory.toFixed(0)} MB`,
        baselineMilliseconds: null,
        ratio: memory / bareMemory,
        goal: { text: `at most ${mostMb} MB`, reached: memory <= mostMb },
      },
      {
        name: `the slowest of ${READING.length} commands that read on ${place.name} (elwatch ${READING[reading.indexOf(slowest)]![0]})`,
        milliseconds: slowest,
        baseline: 'Node that ends at once',
        baselineMilliseconds: node,
        ratio: slowest / node,
        goal: { text: 'at most 800 ms', reached: slowest <= 800 },
      },
    ];
  } finally {
    await opened.forget();
    await upstream.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

interface Started {
  child: ChildProcess;
  milliseconds: number;
}

/** Starts a process and asks its port until it answers. */
async function startAndAsk(
  command: string,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<Started> {
  const port = await freePort();
  const begun = performance.now();
  const child = spawn(command, args, {
    env: { ...environment, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${args.at(-1)} ended with ${child.exitCode}`);
    const answer = await fetch(`http://127.0.0.1:${port}/livez`).catch(() => null);
    if (answer?.ok) return { child, milliseconds: performance.now() - begun };
    await sleep(5);
  }
}

/** Ends it in order; answers how long it took to start. */
async function stop({ child, milliseconds }: Started): Promise<number> {
  child.kill('SIGTERM');
  await ended(child);
  return milliseconds;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Runs a command of ours to its end; answers how long it took. */
function run(args: readonly string[], environment: Record<string, string>): Promise<number> {
  return time(async () => {
    const child = spawn(process.execPath, [ELWATCH, ...args], {
      env: environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await ended(child);
    if (child.exitCode !== 0 && child.exitCode !== 3)
      throw new Error(`elwatch ${args.join(' ')} ended with ${child.exitCode}`);
  });
}

async function time(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** What the process holds of the machine's memory, as Linux counts it. */
async function residentMegabytes({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/mu.exec(status)![1]) / 1024;
}
