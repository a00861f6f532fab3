import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { buildProgram } from '../../src/cli.ts';

const tree = (of: Command, path: string[]): { path: string[]; command: Command }[] => [
  { path, command: of },
  ...of.commands.flatMap((one) => tree(one, [...path, one.name()])),
];
const commandsOf = (program: Command) => tree(program, ['elwatch']);

/** All of a command's help, with the lines that are added behind it. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (more) => {
      text += more;
    },
  });
  command.outputHelp();
  return text;
}

/** Lines of the help that can be typed. */
function examplesOf(command: Command): string[] {
  const [, after = ''] = helpOf(command).split(/^Examples?\b[^\n]*:\n/mu);
  return [...after.matchAll(/^ {2}(.*\belwatch\b.*)$/gmu)].map(([, line]) => line!);
}

/** The words of each call of `elwatch` in a line of shell, without what the shell takes for itself. */
function callsIn(line: string): string[][] {
  return line.split(/ && | \| /u).map((part) => {
    const words = [...part.replace(/ > .*$/u, '').matchAll(/"([^"]*)"|(\S+)/gu)].map(
      ([, quoted, plain]) => quoted ?? plain!,
    );
    return words.slice(words.indexOf('elwatch') + 1);
  });
}

/** Runs a line as the program understands it, without what it would do; answers the command that it leads to. */
async function understand(words: string[]): Promise<string[]> {
  const program = buildProgram(() => {});
  let led: string[] = [];
  for (const { path, command } of commandsOf(program)) {
    command.exitOverride().configureOutput({ writeErr: () => {} });
    if (command.commands.length > 0) continue;
    command.action(() => {
      led = path;
    });
  }
  await program.parseAsync(words, { from: 'user' });
  return led;
}

describe.each(
  commandsOf(buildProgram(() => {})).map(({ path, command }) => [path.join(' '), command] as const),
)('the help of %s', (name, command) => {
  const examples = examplesOf(command);

  test('has an example of it', () => {
    expect(examples.filter((line) => `${line} `.includes(`${name} `))).not.toEqual([]);
  });

  test.each(examples)('has an example that is understood: %s', async (line) => {
    for (const words of callsIn(line)) expect(await understand(words)).not.toEqual([]);
  });
});

/** What only another command can tell. */
const TOLD_ELSEWHERE = /^(?:id|hit|decision|run|name-or-id|number)$/u;
/** Ids that are chosen there and then. */
const CHOSEN = new Set(['organisations add id']);

test('each id that a command takes says which command shows it', () => {
  const paths = commandsOf(buildProgram(() => {})).map(({ path }) => path.slice(1).join(' '));
  const told = commandsOf(buildProgram(() => {})).flatMap(({ path, command }) =>
    [
      ...command.registeredArguments.map((one) => [one.name(), one.description] as const),
      ...command.options.map((one) => [/<(.+)>/u.exec(one.flags)?.[1] ?? '', one.description] as const),
    ]
      .filter(([name]) => TOLD_ELSEWHERE.test(name))
      .map(([name, description]) => ({ what: [...path.slice(1), name].join(' '), description }))
      .filter(({ what }) => !CHOSEN.has(what)),
  );
  expect(told.length).toBeGreaterThan(15);
  for (const { what, description } of told) {
    const shows = /“(.+?)”/u.exec(description)?.[1] ?? description;
    expect([...paths, 'as federalregister.gov shows it, such as 2025-05426'], what).toContain(shows);
  }
});

test('an example that the program would refuse is noticed', async () => {
  await expect(understand(['list', '--as-of', '2025-02-30'])).rejects.toThrow();
  await expect(understand(['subscriptions', 'add'])).rejects.toThrow();
  await expect(understand(['list', '--nothing'])).rejects.toThrow();
  expect(callsIn('A=1 elwatch why "Big Firm" --json > x.json')).toEqual([['why', 'Big Firm', '--json']]);
});
