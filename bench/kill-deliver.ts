import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { places } from '../test/helpers/databases.ts';
import { MOMENTS, type Moment } from '../test/helpers/kill/kill-at-statement.ts';
import { type Kill, type KillSetting, openKillSetting } from '../test/helpers/kill/kill-setting.ts';
import { MAIL_STAGES, POST_STAGES } from '../test/helpers/kill/receivers.ts';
import { STORIES, type Story } from '../test/helpers/kill/stories.ts';
import { countRepeats, findFaults, type KillOutcome } from '../test/helpers/kill/tally.ts';

/** What was counted of one story on one store. */
interface Count {
  store: string;
  story: Story;
  /** Processes that were ended by SIGKILL; a worker that was done before its turn is none. */
  kills: number;
  /** Messages that had to come: each change set that no later one overtook, or the digest, to each recipient. */
  expected: number;
  /** Ids that came, however often. */
  came: number;
  /** Messages that came once more under an id that the receiver had. */
  repeats: number;
  /** What of the promise was broken; see `findFaults`. */
  faults: string[];
  /** Kills by the statement or stage, and the repeats that followed where there was one kill. */
  steps: Record<string, { kills: number; repeats: number }>;
}

/** Workers that are killed one after the other over the same change set. */
const STORM_KILLS = 4;

/** Every statement at every moment, and every stage of what the story sends; of mail for the first and the second. */
function everyPlace(story: Story, statements: number, moments: readonly Moment[]): Kill[] {
  const kills: Kill[] = [];
  for (let nth = 1; nth <= statements; nth += 1)
    for (const moment of moments) kills.push({ statement: { nth, moment } });
  if (story !== 'chat')
    for (const name of MAIL_STAGES) for (const nth of [1, 2]) kills.push({ stage: `mail ${name}`, nth });
  if (story === 'rule' || story === 'notice and rule')
    for (const name of POST_STAGES) kills.push({ stage: `webhook ${name}`, nth: 1 });
  if (story === 'chat' || story === 'digest')
    for (const name of POST_STAGES) kills.push({ stage: `chat ${name}`, nth: 1 });
  return kills;
}

function add(count: Count, outcome: KillOutcome, setting: KillSetting): void {
  const faults = findFaults(outcome, setting.recipients);
  const repeats = countRepeats(outcome);
  count.kills += outcome.steps.length;
  count.expected += outcome.ledger.filter(
    ({ to, status }) => setting.recipients.includes(to) && status !== 'suppressed',
  ).length;
  count.came += new Set(outcome.messages.map(({ id }) => id)).size;
  count.repeats += repeats;
  count.faults.push(...faults.map((fault) => `${outcome.steps.join(', ')}: ${fault}`));
  for (const step of outcome.steps) {
    count.steps[step] ??= { kills: 0, repeats: 0 };
    count.steps[step].kills += 1;
    if (outcome.steps.length === 1) count.steps[step].repeats += repeats;
  }
}

interface Schedule {
  deliveriesAtOnce: readonly number[];
  moments: readonly Moment[];
  storms: number;
}

async function killOn(
  name: string,
  story: Story,
  { deliveriesAtOnce, moments, storms }: Schedule,
): Promise<Count> {
  const setting = await openKillSetting(places.find((one) => one.name === name)!, story);
  const count: Count = {
    store: name,
    story,
    kills: 0,
    expected: 0,
    came: 0,
    repeats: 0,
    faults: [],
    steps: {},
  };
  try {
    await setting.run([null], 1);
    // The first digest holds less than all others.
    const { statements } = await setting.run([null], 1);
    for (const atOnce of deliveriesAtOnce) {
      for (const kill of everyPlace(story, statements, moments)) {
        add(count, await setting.run([kill], atOnce), setting);
        if (count.kills % 25 === 0)
          process.stdout.write(`${name}, ${story}: ${count.kills} kills, ${count.faults.length} faults\n`);
      }
    }
    for (let storm = 0; storm < storms; storm += 1) {
      const kills = Array.from({ length: STORM_KILLS }, (_none, at): Kill => {
        const nth = 1 + ((storm * 7 + at * 11) % statements);
        return { statement: { nth, moment: moments[(storm + at) % moments.length]! } };
      });
      add(count, await setting.run(kills, 4), setting);
    }
  } finally {
    await setting.close();
  }
  return count;
}

/** `npm run kill:deliver -- digest chat` runs these stories alone, and keeps what was counted of the others. */
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(STORIES as readonly string[]).includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no story is called ${unknown.join(' or ')}; there are ${STORIES.join(', ')}\n`);
  process.exit(2);
}
const results = new URL('results/kill-deliver.json', import.meta.url);
mkdirSync(new URL('.', results), { recursive: true });
const counts: Count[] =
  asked.length > 0 && existsSync(results)
    ? (JSON.parse(readFileSync(results, 'utf8')) as { counts: Count[] }).counts.filter(
        ({ story }) => !asked.includes(story),
      )
    : [];

function scheduleOf(name: string, story: Story): Schedule {
  // One session in the process itself: nothing is on a wire, and after one statement is before the next.
  if (name === 'PGlite') return { deliveriesAtOnce: [4], moments: ['answered'], storms: 4 };
  return story === 'rule'
    ? { deliveriesAtOnce: [1, 4], moments: MOMENTS, storms: 15 }
    : { deliveriesAtOnce: [4], moments: MOMENTS, storms: 5 };
}

function writeResults(): void {
  writeFileSync(results, `${JSON.stringify({ node: process.version, counts }, null, 2)}\n`);
}

for (const name of ['PostgreSQL', 'PGlite']) {
  if (!places.some((one) => one.name === name)) {
    process.stdout.write(`${name} does not answer: its kills are left out\n`);
    continue;
  }
  for (const story of STORIES) {
    if (asked.length > 0 && !asked.includes(story)) continue;
    if (name === 'PGlite' && story !== 'rule' && story !== 'digest') continue;
    counts.push(await killOn(name, story, scheduleOf(name, story)));
    writeResults();
  }
}
for (const { store, story, kills, expected, came, repeats, faults } of counts)
  process.stdout.write(
    `${store}, ${story}: ${kills} kills; ${came} of ${expected} messages came, ${repeats} of them once more under the same id; ${faults.length} faults\n`,
  );
process.stdout.write('Written to bench/results/kill-deliver.json\n');
process.exitCode = counts.some(({ faults }) => faults.length > 0) ? 1 : 0;
