import { type Command, InvalidArgumentError } from 'commander';
import type { App } from '../app.ts';
import { endOfDay, isDay } from '../days.ts';
import type { Output } from './output.ts';

/** Opens the app for one command and closes it again. */
export type WithApp = (
  options: { json?: boolean },
  run: (app: App, out: Output) => Promise<void>,
) => Promise<void>;

/** Gives a command its machine-readable output. */
export function json(command: Command): Command {
  return command.option('--json', 'print one JSON document on stdout; logs go to stderr');
}

// Readers of arguments. What they throw is shown with the name of the argument, as wrong usage.

/** A day, YYYY-MM-DD. */
export function day(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError('It must be a day like 2025-03-28.');
  return text;
}

/** An instant of our clock: ISO 8601 with a zone, or a day for its end in Washington. */
export function instant(text: string): string {
  if (isDay(text)) return endOfDay(text);
  const time = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/u.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new InvalidArgumentError('It must be an instant like 2025-03-28T16:15:00-04:00, or a day.');
  return new Date(time).toISOString();
}

export function atLeastOne(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return count;
}

export function sequenceNumber(text: string): number {
  if (!/^\d{1,15}$/u.test(text)) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return Number(text);
}

/** A text for the record: one line that says something, of a bounded length. */
export const said = (most: number) => (text: string) => {
  const line = text.replace(/\s+/gu, ' ').trim();
  if (line === '' || line.length > most || /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(line))
    throw new InvalidArgumentError(`It must be a text of 1 to ${most} characters.`);
  return line;
};

/** Words of a source, as they stand there. */
export const source = (least: number) => (text: string) => {
  if (text.trim().length < least || text.length > 20_000)
    throw new InvalidArgumentError(`It must be a text of ${least} to 20000 characters.`);
  return text;
};

/** Gathers an option that may be given several times. */
export const collect = (text: string, before: string[] = []): string[] => [...before, text];
