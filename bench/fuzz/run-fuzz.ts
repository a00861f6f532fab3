import { ElwatchError } from '../../src/errors.ts';
import { seededRandom } from '../screen/distort.ts';
import { mutate } from './mutate.ts';
import type { FuzzedReader } from './readers.ts';

/**
 * Of processor time: nothing of the length that comes here may take more, however busy the machine is. What hangs is
 * found by whoever waits for the run.
 */
const MOST_MS = 5_000;
const MOST_BROKEN = 20;

export interface FuzzOutcome {
  reader: string;
  tries: number;
  /** How often each outcome came; what is refused is counted by its code. */
  outcomes: Record<string, number>;
  slowestMs: number;
  /** What broke the law, with the number of the try: `npm run fuzz -- --reader … --try …` does it again. */
  broken: { try: number; sample: number; what: string[]; message: string }[];
}

/** The text of one try: it follows from the seed, the reader and the number. */
export function textOfTry(reader: FuzzedReader, seed: number, number: number) {
  const random = seededRandom(seed + number * 7_919);
  const sample = Math.floor(random() * reader.samples.length);
  const other = reader.samples[Math.floor(random() * reader.samples.length)]!;
  const changed = mutate(reader.samples[sample]!, { random, other, most: reader.isSlip ? 1 : 4 });
  return { sample, ...changed };
}

/** What came of one try: the outcome, and whether that breaks the law. */
export async function tryOne(reader: FuzzedReader, seed: number, number: number) {
  const { sample, text, what } = textOfTry(reader, seed, number);
  const begun = process.cpuUsage();
  let outcome: string;
  try {
    outcome = await reader.read(text, sample);
  } catch (error) {
    outcome =
      error instanceof ElwatchError
        ? `refused: ${error.code}`
        : `broken: ${error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 3).join(' ') : String(error)}`;
  }
  const { user, system } = process.cpuUsage(begun);
  const ms = (user + system) / 1_000;
  if (ms > MOST_MS && !outcome.startsWith('broken'))
    outcome = `broken: ${text.length} characters took ${ms.toFixed(0)} ms`;
  return { sample, what, outcome, ms, isBroken: outcome.startsWith('broken') };
}

/** Tries one after another until `isOver`; goes on after what breaks the law, and keeps the first of it. */
export async function fuzz(
  reader: FuzzedReader,
  seed: number,
  isOver: (tries: number) => boolean,
): Promise<FuzzOutcome> {
  const result: FuzzOutcome = { reader: reader.name, tries: 0, outcomes: {}, slowestMs: 0, broken: [] };
  while (!isOver(result.tries)) {
    const number = result.tries;
    const { sample, what, outcome, ms, isBroken } = await tryOne(reader, seed, number);
    result.tries += 1;
    result.slowestMs = Math.max(result.slowestMs, ms);
    const name = isBroken ? 'broken' : outcome;
    result.outcomes[name] = (result.outcomes[name] ?? 0) + 1;
    if (isBroken && result.broken.length < MOST_BROKEN)
      result.broken.push({ try: number, sample, what, message: outcome.slice(0, 1_000) });
    // Servers and files need their turn.
    if (number % 50 === 0) await new Promise((done) => setImmediate(done));
  }
  return result;
}
