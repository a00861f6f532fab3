/**
 * Runs the whole service while what is around it fails at random: `npm run soak`, ten minutes on PGlite;
 * `npm run soak -- 5 "PostgreSQL and Redis" 744` for five on another store, with a seed.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import Table from 'cli-table3';
import { places } from '../test/helpers/databases.ts';
import { runSoak, type Soak } from './soak/run-soak.ts';

const KILLS = 4;
const [minutes = '10', store = 'PGlite', seed = String(Math.floor(Math.random() * 1e9))] =
  process.argv.slice(2);
const place = places.find(({ name }) => name === store);
if (place === undefined) {
  process.stderr.write(
    `Not run: ${store} is not here; there is ${places.map(({ name }) => name).join(', ')}.\n`,
  );
  process.exit(75);
}
const seconds = Number(minutes) * 60;
const soak = await runSoak({
  ...{ place, seconds, seed: Number(seed), kills: KILLS, mailReaders: 12, hooks: 2, hangsLong: true },
  onProgress: (said) => {
    if (!process.stderr.isTTY) return;
    const words = `${said.rules} rules, ${said.messages} messages, ${said.faults} faults, ${said.kills} kills`;
    process.stderr.write(`\r\x1b[K${said.seconds.toFixed(0)} of ${seconds} s: ${words}`);
  },
});
if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
report(soak);

function report({ faults, messages, load, problems, ...of }: Soak): void {
  const table = new Table({ style: { head: [], border: [] } });
  const add = (name: string, says: string) => table.push([name, says]);
  add('store, time, seed', `${of.store}, ${of.seconds} s, ${of.seed}`);
  add('rules, changes, kills', `${of.rules}, ${of.changes}, ${of.kills}`);
  add('messages due, come, again', `${messages.due}, ${messages.came}, ${messages.repeats}`);
  add('until all was told', `${of.finishSeconds.toFixed(0)} s; ${messages.waiting} waited for another try`);
  add('answers to the reader', JSON.stringify(of.answers));
  add(
    'memory',
    `${load.mostMegabytes.toFixed(0)} MB at most, ${load.megabytesPerHour.toFixed(0)} MB an hour`,
  );
  const delays = [load.medianP99Ms, load.worstP99Ms, load.longestMs].map((ms) => `${ms.toFixed(0)} ms`);
  add('event loop', `p99 ${delays[0]}, ${delays[1]} at the worst; longest ${delays[2]}`);
  for (const [where, counts] of Object.entries(faults))
    for (const [kind, times] of Object.entries(counts)) add(`${where}: ${kind}`, String(times));
  process.stdout.write(`${table.toString()}\n`);
  for (const problem of problems.slice(0, 20)) process.stdout.write(`PROBLEM: ${problem}\n`);
  const results = new URL('results/', import.meta.url);
  mkdirSync(results, { recursive: true });
  const written = new URL('soak.json', results);
  const before: Soak[] = existsSync(written) ? JSON.parse(readFileSync(written, 'utf8')).soaks : [];
  const soaks = [
    ...before.filter((one) => one.store !== of.store),
    { ...of, messages, load, faults, problems },
  ];
  writeFileSync(written, `${JSON.stringify({ node: process.version, soaks }, null, 2)}\n`);
  process.stdout.write('Written to bench/results/soak.json\n');
  process.exitCode = problems.length === 0 ? 0 : 1;
}
