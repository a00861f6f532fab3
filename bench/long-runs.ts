import { existsSync, readFileSync } from 'node:fs';

/** A figure of a command that takes longer than a bench may, as its last run left it in `bench/results`. */
export interface LongFigure {
  command: string;
  name: string;
  says: string;
  goal: string;
  isReached: boolean;
}

/** Reads what a command left; null where it was never run here. */
function readResult<Result>(file: string): Result | null {
  const path = new URL(`results/${file}`, import.meta.url);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Result) : null;
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
const seconds = (time: number) => `${time.toFixed(1)} s`;

interface KillDeliver {
  counts: { kills: number; expected: number; came: number; faults: unknown[] }[];
}

interface KillStorm {
  storms: {
    store: string;
    undisturbedSeconds: number;
    finishSeconds: number;
    lost: number;
    stuck: number;
    denied: number;
  }[];
}

interface Outages {
  outages: { resumeSeconds: number; slowestAnswerMs: number; isEachToldOnce: boolean }[];
}

interface Fuzz {
  seconds: number;
  outcomes: { tries: number; broken: unknown[] }[];
}

interface Soaks {
  soaks: {
    store: string;
    seconds: number;
    faults: Record<string, Record<string, number>>;
    problems: unknown[];
    load: { mostMegabytes: number; megabytesPerHour: number };
  }[];
}

interface Mutants {
  areas: { area: string; valid: number; score: number }[];
}

function ofKills({ counts }: KillDeliver): Omit<LongFigure, 'command'>[] {
  const kills = sum(counts.map((one) => one.kills));
  const faults = sum(counts.map((one) => one.faults.length + Math.max(0, one.expected - one.came)));
  return [
    {
      name: 'messages lost, or under two ids, where workers are killed at each of their steps',
      says: `${faults} in ${kills.toLocaleString('en')} kills`,
      goal: '0 in 1,000',
      isReached: faults === 0 && kills >= 1_000,
    },
  ];
}

function ofStorms({ storms }: KillStorm): Omit<LongFigure, 'command'>[] {
  const bad = sum(storms.map((one) => one.lost + one.stuck + one.denied));
  const slowest = Math.max(...storms.map((one) => one.finishSeconds / one.undisturbedSeconds));
  const on = storms.map(({ store }) => store).join(', ');
  return [
    {
      name: `messages lost, stuck or doubled unsaid in 30 kills on ${on}`,
      says: String(bad),
      goal: '0',
      isReached: bad === 0,
    },
    {
      name: 'time to the last message after the last kill, at the worst',
      says: `${slowest.toFixed(2)} × undisturbed`,
      goal: '2 × undisturbed',
      isReached: slowest <= 2,
    },
  ];
}

function ofOutages({ outages }: Outages): Omit<LongFigure, 'command'>[] {
  const resumed = Math.max(...outages.map((one) => one.resumeSeconds));
  const answered = Math.max(...outages.map((one) => one.slowestAnswerMs)) / 1_000;
  return [
    {
      name: 'until all goes on after PostgreSQL or Redis is back, at the worst',
      says: seconds(resumed),
      goal: '30 s',
      isReached: resumed <= 30 && outages.every(({ isEachToldOnce }) => isEachToldOnce),
    },
    {
      name: 'an answer to a reader while it is away, at the worst',
      says: seconds(answered),
      goal: '2 s',
      isReached: answered <= 2,
    },
  ];
}

function ofFuzz({ outcomes, seconds: length }: Fuzz): Omit<LongFigure, 'command'>[] {
  const broken = sum(outcomes.map((one) => one.broken.length));
  const tries = sum(outcomes.map((one) => one.tries)).toLocaleString('en');
  return [
    {
      name: `texts changed at random in ${length} s that crash a reader or give another list in silence`,
      says: `${broken} of ${tries}`,
      goal: '0',
      isReached: broken === 0,
    },
  ];
}

function ofSoaks({ soaks }: Soaks): Omit<LongFigure, 'command'>[] {
  const problems = sum(soaks.map((one) => one.problems.length));
  const faults = sum(
    soaks.flatMap((one) => Object.values(one.faults).flatMap((kinds) => Object.values(kinds))),
  );
  const minutes = soaks.map((one) => `${one.seconds / 60} min on ${one.store}`).join(', ');
  const most = Math.max(...soaks.map((one) => one.load.mostMegabytes));
  return [
    {
      name: `differences from an undisturbed run, messages lost or doubled unsaid, in a soak of ${minutes}`,
      says: `${problems} with ${faults.toLocaleString('en')} faults`,
      goal: '0',
      isReached: problems === 0,
    },
    {
      name: 'memory of the service in it, at the most',
      says: `${most.toFixed(0)} MB`,
      goal: '1,024 MB',
      isReached: most <= 1_024,
    },
  ];
}

function ofMutants({ areas }: Mutants): Omit<LongFigure, 'command'>[] {
  return areas.map(({ area, valid, score }) => ({
    name: `mutants that the tests find, ${area} (${valid} of them tried)`,
    says: `${score} %`,
    goal: '80 %',
    isReached: score >= 80,
  }));
}

/** What the commands that take longer found, each from its own file; those that were never run are left out. */
export function readLongFigures(): LongFigure[] {
  const of = <Result>(
    command: string,
    file: string,
    figures: (result: Result) => Omit<LongFigure, 'command'>[],
  ): LongFigure[] => {
    const result = readResult<Result>(file);
    return result === null ? [] : figures(result).map((figure) => ({ command, ...figure }));
  };
  return [
    ...of('npm run kill:deliver', 'kill-deliver.json', ofKills),
    ...of('npm run kill:storm', 'kill-storm.json', ofStorms),
    ...of('npm run outages', 'outages.json', ofOutages),
    ...of('npm run fuzz', 'fuzz.json', ofFuzz),
    ...of('npm run soak', 'soak.json', ofSoaks),
    ...of('npm run mutate:sample', 'mutation.json', ofMutants),
  ];
}
