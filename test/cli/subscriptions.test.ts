import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runElwatch } from '../helpers/run-elwatch.ts';

const folder = mkdtempSync(join(tmpdir(), 'elwatch-subscriptions-'));
const env = {
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '',
  DATA_DIR: join(folder, 'data'),
};
const run = (...args: string[]) => runElwatch(['subscriptions', ...args], { cwd: folder, env });

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a subscription is added with a schedule, quiet days and a language, and is sent a test', async () => {
  const added = await run(
    ...['add', 'ana@example.org', '--schedule', 'weekly Friday 08:30 Europe/Berlin'],
    ...['--quiet-days', '--date-language', 'ja', '--json'],
  );
  expect(JSON.parse(added.stdout)).toMatchObject({
    schedule: { mode: 'weekly', weekday: 5, at: '08:30', timeZone: 'Europe/Berlin' },
    notices: { quietDays: true },
    dateLanguage: 'ja',
  });
  const tried = await run('test', 'ana@example.org');
  expect(tried).toMatchObject({ code: 0, stdout: expect.stringContaining('ana@example.org took the test') });
  const outbox = join(folder, 'data', 'outbox');
  expect(readFileSync(join(outbox, readdirSync(outbox)[0]!), 'utf8')).toContain('This is a test');
  await run('pause', 'ana@example.org');
  expect(await run('test', 'ana@example.org')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('the subscription is paused'),
  });
});

test.each([
  ['sometimes', 'is no schedule'],
  ['daily 25:00 Europe/Berlin', 'time of day'],
  ['daily 08:00 Mars/Base', 'time zone'],
  ['weekly someday 08:00 Europe/Berlin', 'is no schedule'],
])('the schedule “%s” is refused with words that help', async (schedule, words) => {
  const refused = await run('add', 'bo@example.org', '--schedule', schedule);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(words);
});
