/**
 * Changes at random what comes from outside and has it read: `npm run fuzz`, ten minutes long, `-- 30s` for less.
 * `-- --seed 7 --reader rules --try 1234` does one try again and prints what it reads.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { openApi, openApiParts, storeSample, tokenFor } from '../test/helpers/api.ts';
import { backends } from '../test/helpers/databases.ts';
import { fuzzedReaders } from './fuzz/readers.ts';
import { fuzzedRequests } from './fuzz/requests.ts';
import { type FuzzOutcome, fuzz, textOfTry, tryOne } from './fuzz/run-fuzz.ts';
import { readDuration } from './read-duration.ts';

const { values, positionals } = parseArgs({
  options: { seed: { type: 'string' }, reader: { type: 'string' }, try: { type: 'string' } },
  allowPositionals: true,
});
const seconds = readDuration(positionals[0] ?? '10m');
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const folder = await mkdtemp(join(tmpdir(), 'elwatch-fuzz-'));
const database = await backends[0]!.open();
const parts = openApiParts(database, { outbox: folder });
await storeSample(parts);
const server = openApi(parts);
const token = await tokenFor(parts, ['watchlists'], { organisationId: 'acme' });
try {
  const readers = [...(await fuzzedReaders(folder)), fuzzedRequests(server, token)];
  const asked = readers.filter(({ name }) => values.reader === undefined || name === values.reader);
  if (asked.length === 0)
    throw new Error(`no reader is called ${values.reader}: ${readers.map(({ name }) => name).join('; ')}`);
  if (values.try !== undefined) {
    process.stdout.write(`${textOfTry(asked[0]!, seed, Number(values.try)).text}\n`);
    console.error(await tryOne(asked[0]!, seed, Number(values.try)));
  } else {
    const outcomes: FuzzOutcome[] = [];
    for (const reader of asked) {
      if (process.stderr.isTTY) process.stderr.write(`${reader.name} …\n`);
      const end = Date.now() + (seconds * 1_000) / asked.length;
      outcomes.push(await fuzz(reader, seed, () => Date.now() >= end));
    }
    report(outcomes);
  }
} finally {
  await server.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
}

function report(outcomes: FuzzOutcome[]): void {
  const table = new Table({
    head: ['reader', 'tries', 'slowest', 'broken'],
    style: { head: [], border: [] },
  });
  for (const { reader, tries, slowestMs, broken } of outcomes)
    table.push([reader, tries.toLocaleString('en'), `${slowestMs.toFixed(0)} ms`, broken.length]);
  process.stdout.write(`${table.toString()}\n`);
  for (const { reader, broken } of outcomes)
    for (const { message, ...one } of broken.slice(0, 5))
      process.stdout.write(
        `${message}\n  again: npm run fuzz -- --seed ${seed} --reader '${reader}' --try ${one.try}\n`,
      );
  const results = new URL('results/', import.meta.url);
  mkdirSync(results, { recursive: true });
  writeFileSync(
    new URL('fuzz.json', results),
    `${JSON.stringify({ node: process.version, seed, seconds, outcomes }, null, 2)}\n`,
  );
  process.stdout.write(`Seed ${seed}. Written to bench/results/fuzz.json\n`);
  process.exitCode = outcomes.some(({ broken }) => broken.length > 0) ? 1 : 0;
}
