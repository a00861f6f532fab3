import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { renderCompletion, SHELLS } from '../../src/cli/completion.ts';
import { EXIT_CODES, exitCodeOf } from '../../src/cli/exit-codes.ts';
import { buildProgram } from '../../src/cli.ts';
import { ElwatchError } from '../../src/errors.ts';
import { ELWATCH } from '../helpers/run-elwatch.ts';

const folder = mkdtempSync(join(tmpdir(), 'elwatch-completion-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = buildProgram(() => {});
const tree = (of: Command, path: string[] = []): { path: string[]; command: Command }[] => [
  { path, command: of },
  ...of.commands.flatMap((one) => tree(one, [...path, one.name()])),
];
const nodes = tree(program);
const flagsOf = (command: Command) =>
  command.options.flatMap(({ short, long }) => [short, long].filter(Boolean));
const has = (shell: string) => spawnSync(shell, ['--version']).status === 0;

test('there are commands to complete, and commands of commands', () => {
  expect(nodes.length).toBeGreaterThan(40);
  expect(nodes.some(({ path }) => path.join(' ') === 'watchlists add')).toBe(true);
});

describe.each(SHELLS)('the completion of %s', (shell) => {
  const script = renderCompletion(program, shell);

  test('holds every command and every option', () => {
    for (const { path, command } of nodes) {
      expect(script).toContain(`'${path.join(' ')}'`.replace(/^''$/u, "''"));
      for (const flag of flagsOf(command))
        expect(script).toContain(shell === 'fish' ? flag!.replace(/^--?/u, '') : flag);
    }
  });

  test.runIf(has(shell))('is read by the shell without a fault', () => {
    const file = join(folder, shell);
    writeFileSync(file, script);
    expect(spawnSync(shell, ['-n', file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });
});

describe.runIf(has('bash'))('bash', () => {
  const script = join(folder, 'source.bash');
  writeFileSync(script, renderCompletion(program, 'bash'));
  const quote = (text: string) => `'${text}'`;
  /** What is offered behind each of these lines, in their order. */
  const complete = (lines: string[][]) =>
    execFileSync('bash', ['--norc'], {
      encoding: 'utf8',
      input: [
        `source ${script}`,
        ...lines.map(
          (words) =>
            `COMP_WORDS=(${['elwatch', ...words].map(quote).join(' ')}); COMP_CWORD=${words.length}; _elwatch; echo "\${COMPREPLY[*]}"`,
        ),
      ].join('\n'),
    })
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split(' ').filter((word) => word !== ''));

  test('offers, behind each command, its commands and its options, and nothing else', () => {
    const flags = complete(nodes.map(({ path }) => [...path, '-']));
    const commands = complete(nodes.map(({ path }) => [...path, '']));
    expect(flags).toHaveLength(nodes.length);
    for (const [at, { path, command }] of nodes.entries()) {
      expect(flags[at]!.sort(), path.join(' ')).toEqual(
        [...new Set([...flagsOf(command), '-h', '--help'])].sort(),
      );
      const names = command.commands.map((one) => one.name());
      expect(commands[at]!.sort(), path.join(' ')).toEqual(
        (names.length > 0 ? [...names, 'help'] : []).sort(),
      );
    }
  });

  test('offers behind another name of a command what it offers behind its own', () => {
    const [own, other] = complete([
      ['subscriptions', ''],
      ['subscribers', ''],
    ]);
    expect(other).toContain('rotate-secret');
    expect(other).toEqual(own);
  });

  test('offers the values of an option that has few, wherever it stands', () => {
    const [roles, some, list, file, later] = complete([
      ['start', '--role', ''],
      ['start', '--role', 'w'],
      ['audit', '--json', '--list', ''],
      ['screen', 'customers.csv', '--threshold', ''],
      ['watchlists', '--x', 'add', 'customers', '--sk'],
    ]);
    expect(roles).toEqual(['all', 'web', 'worker', 'scheduler']);
    expect(some).toEqual(['web', 'worker']);
    expect(list).toContain('entity-list');
    expect(file).toEqual([]);
    expect(later).toEqual(['--skip-faulty']);
  });
});

test('the exit codes of the documentation and of --help are those that the program gives', async () => {
  const text = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8');
  const documented = [...text.matchAll(/^\| (\d+) +\| (.+?) +\|$/gmu)].map(([, code, means]) => [
    Number(code),
    means,
  ]);
  expect(documented).toEqual(EXIT_CODES);
  const help = execFileSync(ELWATCH, ['--help'], { encoding: 'utf8' });
  for (const [code, means] of EXIT_CODES) expect(help).toContain(`  ${code}  ${means}`);
  const error = (code: string) => new ElwatchError(code, '', { retry: false, hint: '' });
  expect(exitCodeOf(error('export-cut'))).toBe(5);
  expect(exitCodeOf(error('store-not-empty'))).toBe(1);
  expect(exitCodeOf(new Error('x'))).toBe(1);
  // Every number that a source gives to exit() or returns from main stands in the table.
  const sources = [
    'cli.ts',
    'cli/screen-commands.ts',
    'cli/subscription-commands.ts',
    'cli/exit-codes.ts',
  ].map((name) => readFileSync(new URL(`../../src/${name}`, import.meta.url), 'utf8'));
  const given = sources.flatMap((source) => [
    ...source.matchAll(
      /\bexit\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*? \? (\d) : (\d)\)|\bexit\((\d)\)|\bHIT = (\d)|\? (\d) : (\d);/gu,
    ),
  ]);
  const numbers = new Set(
    given.flatMap((match) =>
      match
        .slice(1)
        .filter((part) => part !== undefined)
        .map(Number),
    ),
  );
  expect([...numbers].sort()).toEqual([0, 1, 2, 3, 5]);
});
