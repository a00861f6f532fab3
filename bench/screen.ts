import { jaroWinkler } from '@skyra/jaro-winkler';
import { distance } from 'fastest-levenshtein';
import { sql } from 'kysely';
import { readSupplement } from '../src/parse/supplement.ts';
import { admitXml } from '../src/parse/xml.ts';
import { entrySubject } from '../src/screen/entry-subject.ts';
import { buildNameIndex } from '../src/screen/name-index.ts';
import { DEFAULT_THRESHOLD, screen } from '../src/screen/screen.ts';
import type { Subject } from '../src/screen/subject.ts';
import { type Backend, backends } from '../test/helpers/databases.ts';
import { readSupplementInput } from './inputs.ts';
import { compare, type Figure } from './measure.ts';
import { DISTORTIONS, seededRandom } from './screen/distort.ts';

const COUNTERPARTIES = 100_000;
/** Names that the baseline is timed on; it takes minutes for all of them, and as long for each. */
const SAMPLE = 100;
/** As many as a large rule adds, its aliases counted. */
const RULE_NAMES = 240;

/** Counterparties as a customer has them: one of a hundred is on the list, misspelled; the rest mix its words. */
export function makeCounterparties(listed: readonly string[], count: number): Subject[] {
  const random = seededRandom(1);
  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)]!;
  const words = [...new Set(listed.flatMap((name) => name.split(/\s+/u)))];
  const misspell = DISTORTIONS['one typo']!;
  return Array.from({ length: count }, (_, at) => {
    const mixed = Array.from({ length: 2 + Math.floor(random() * 3) }, () => pick(words)).join(' ');
    const name = at % 100 === 0 ? pick(listed) : mixed;
    return { id: String(at), names: [misspell(name, random) ?? name], addresses: [], country: null };
  });
}

/** The names of the list, as what others compare with them. */
export function readListed() {
  const { entries } = readSupplement(admitXml(readSupplementInput()));
  const subjects = entries.map((entry, at) => entrySubject({ ...entry, entryId: String(at) }));
  return { subjects, listed: subjects.flatMap(({ names }) => names) };
}

const plain = (name: string) => name.toLowerCase();
const number = (count: number) => count.toLocaleString('en');

/** A hundred thousand counterparties against every name of the list, the index included. */
export function benchScreen(): Figure[] {
  const { subjects, listed } = readListed();
  const counterparties = makeCounterparties(listed, COUNTERPARTIES);
  const begun = performance.now();
  screen(buildNameIndex(subjects), counterparties);
  const ours = performance.now() - begun;

  const names = listed.map(plain);
  const sample = counterparties.filter((_, at) => at % (COUNTERPARTIES / SAMPLE) === 0);
  const against = (who: string, isHit: (theirs: string, name: string) => boolean, most: number): Figure => {
    const naive = performance.now();
    let hits = 0;
    for (const { names: theirs } of sample)
      for (const name of names) if (isHit(plain(theirs[0]!), name)) hits += 1;
    const baseline = ((performance.now() - naive) / SAMPLE) * COUNTERPARTIES;
    return {
      name: `${number(COUNTERPARTIES)} counterparties against the ${number(listed.length)} names of the list`,
      milliseconds: ours,
      baseline: `${who} of each with each, from ${SAMPLE} of them (${number(hits)} hits)`,
      baselineMilliseconds: baseline,
      ratio: ours / baseline,
      goal: { text: `at most ${most} × that`, reached: ours / baseline <= most },
    };
  };
  return [
    against('Jaro-Winkler', (theirs, name) => jaroWinkler(theirs, name) >= DEFAULT_THRESHOLD, 0.01),
    against(
      'Levenshtein (fastest-levenshtein)',
      (theirs, name) =>
        distance(theirs, name) <= (1 - DEFAULT_THRESHOLD) * Math.max(theirs.length, name.length),
      0.01,
    ),
  ];
}

/** The same against PostgreSQL's index of trigrams; nothing where it is not at hand. */
export async function benchTrigrams(): Promise<Figure[]> {
  const backend = backends.find(({ name }) => name === 'postgres');
  if (backend === undefined) return [];
  const { subjects, listed } = readListed();
  const sample = makeCounterparties(listed, SAMPLE * 10);
  const index = buildNameIndex(subjects);
  const { ours, baseline } = await withTrigrams(backend, listed, async (ask) => ({
    ours: timeOf(() => screen(index, sample)),
    baseline: await ask(sample.map(({ names }) => names[0]!)),
  }));
  return [
    {
      name: `${number(sample.length)} counterparties against the ${number(listed.length)} names of the list, both indexed`,
      milliseconds: ours,
      baseline: 'pg_trgm with a GiST index, at its threshold of 0.3',
      baselineMilliseconds: baseline,
      ratio: ours / baseline,
      goal: { text: 'at most 0.02 × that', reached: ours / baseline <= 0.02 },
    },
  ];
}

async function withTrigrams<T>(
  backend: Backend,
  listed: readonly string[],
  work: (ask: (names: readonly string[]) => Promise<number>) => Promise<T>,
): Promise<T> {
  const database = await backend.open();
  const db = database.kysely;
  try {
    await sql`create extension if not exists pg_trgm`.execute(db);
    await sql`create table listed (name text not null)`.execute(db);
    await sql`insert into listed select unnest(${listed}::text[])`.execute(db);
    await sql`create index on listed using gist (name gist_trgm_ops)`.execute(db);
    await sql`analyze listed`.execute(db);
    return await work(async (names) => {
      const begun = performance.now();
      for (const name of names)
        await sql`select name, similarity(name, ${name}) from listed where name % ${name}`.execute(db);
      return performance.now() - begun;
    });
  } finally {
    await database.close();
  }
}

/** The names of a rule against a hundred thousand counterparties, as at the moment it is applied. */
export function benchRuleNames(): Figure[] {
  const { subjects, listed } = readListed();
  const rule: Subject[] = [];
  for (let at = 0, names = 0; names < RULE_NAMES; at += 20) {
    rule.push(subjects[at]!);
    names += subjects[at]!.names.length;
  }
  const counterparties = makeCounterparties(listed, COUNTERPARTIES);
  const index = buildNameIndex(rule);
  const names = rule.flatMap((subject) => subject.names).map(plain);
  const { ours, baseline } = compare(
    () => screen(index, counterparties),
    () => {
      let hits = 0;
      for (const { names: theirs } of counterparties.slice(0, COUNTERPARTIES / 100))
        for (const name of names) if (jaroWinkler(plain(theirs[0]!), name) >= DEFAULT_THRESHOLD) hits += 1;
      return hits;
    },
    3,
  );
  const ready = buildNameIndex(counterparties);
  const warm = timeOf(() => screen(ready, rule, { listed: 'queries' }));
  const figure = (name: string, milliseconds: number): Omit<Figure, 'goal'> => ({
    name,
    milliseconds,
    baseline: 'Jaro-Winkler of each with each, from a hundredth of them',
    baselineMilliseconds: baseline * 100,
    ratio: milliseconds / (baseline * 100),
  });
  const name = `the ${names.length} names of a rule against ${number(COUNTERPARTIES)} counterparties`;
  return [
    { ...figure(name, ours), goal: { text: 'at most 150 ms', reached: ours <= 150 } },
    { ...figure(`${name}, were these kept ready in memory`, warm), goal: null },
  ];
}

function timeOf(work: () => unknown): number {
  work();
  const begun = performance.now();
  work();
  return performance.now() - begun;
}
