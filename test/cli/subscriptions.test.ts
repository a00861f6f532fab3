import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import type { WithApp } from '../../src/cli/arguments.ts';
import { addSubscriptionCommands } from '../../src/cli/subscription-commands.ts';
import { addOrganisation } from '../../src/store/organisations.ts';
import { findSubscription, listSubscriptions } from '../../src/store/subscriptions.ts';
import { addWatchlist } from '../../src/store/watchlists.ts';
import { openApiParts } from '../helpers/api.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';
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
}, 120_000);

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

describe.each(backends)('elwatch subscriptions over $name', ({ open }) => {
  let database: TestDatabase;
  let app: App;
  const createdAt = '2025-03-28T12:00:00.000Z';

  /** What a command answers: as JSON, and for people. */
  async function elwatch(...args: string[]): Promise<{ data: Record<string, unknown>; shown: string }> {
    let answer: { data: Record<string, unknown>; shown: string } | null = null;
    const out = {
      json: false,
      result: (data: unknown, print: () => string) => {
        answer = { data: data as Record<string, unknown>, shown: print() };
      },
    };
    const withApp: WithApp = (_options, run) => run(app, out);
    const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
    addSubscriptionCommands(program, withApp, () => {});
    await program.parseAsync(['subscriptions', ...args], { from: 'user' });
    return answer!;
  }
  const idOf = async (...args: string[]) => String((await elwatch('add', ...args)).data.subscriptionId);
  const stored = async (id: string) => (await findSubscription(app.parts.db, id))!;
  const watchlistOf = async (organisationId: string, name: string) =>
    (await addWatchlist(app.parts.db, { organisationId, name, threshold: null, createdAt })).watchlistId;

  beforeAll(async () => {
    database = await open();
    app = { parts: openApiParts(database) } as unknown as App;
  });
  beforeEach(async () => {
    await database.empty();
    await addOrganisation(app.parts.db, { organisationId: 'acme', name: 'Acme Ltd.', createdAt });
  });
  afterAll(() => database.close());

  test('one is added for watchlists by name and by id, without what it is not to be told', async () => {
    const customers = await watchlistOf('operator', 'customers, all');
    const suppliers = await watchlistOf('operator', 'suppliers');
    const { data, shown } = await elwatch(
      ...['add', 'ana@example.org', '--no-provisional', '--no-held'],
      ...['--watchlist', 'customers, all', '--watchlist', suppliers, '--watchlist', 'suppliers'],
    );
    expect(await stored(String(data.subscriptionId))).toMatchObject({
      filter: { watchlists: [customers, suppliers] },
      notices: { provisional: false, held: false, quietDays: false },
    });
    expect(shown).toContain('where a watchlist is hit');
    expect(shown).toContain('Besides: nothing');
    expect(shown).toContain('It comes at once');
  });

  test('without such options it is told what is usual', async () => {
    expect(await stored(await idOf('ana@example.org'))).toMatchObject({
      organisationId: 'operator',
      filter: { watchlists: [], minimumCount: 1 },
      notices: { provisional: true, held: true, quietDays: false },
      schedule: { mode: 'immediate' },
      dateLanguage: 'en',
    });
  });

  test('one of an organisation knows the watchlists of that organisation alone', async () => {
    await watchlistOf('operator', 'customers');
    const add = (...more: string[]) =>
      elwatch('add', 'ana@example.org', '--organisation', 'acme', '--watchlist', 'customers', ...more);
    await expect(add()).rejects.toMatchObject({ code: 'watchlist-unknown' });
    const theirs = await watchlistOf('acme', 'customers');
    const { data } = await add();
    expect(await stored(String(data.subscriptionId))).toMatchObject({
      organisationId: 'acme',
      filter: { watchlists: [theirs] },
    });
    await expect(elwatch('add', 'bo@example.org', '--organisation', 'nobody')).rejects.toMatchObject({
      code: 'organisation-unknown',
    });
  });

  test('an edit changes what is given and leaves the rest', async () => {
    const id = await idOf(
      ...['ana@example.org', '--destination', 'CN,HK', '--kind', 'added', '--minimum', '3'],
      ...[
        '--no-provisional',
        '--quiet-days',
        '--schedule',
        'daily 08:30 Europe/Berlin',
        '--keyword',
        'optics',
      ],
    );
    const before = await stored(id);
    const { data, shown } = await elwatch('edit', id, '--kind', 'added,removed', '--no-held');
    const after = await stored(id);
    expect(after).toEqual({
      ...before,
      filter: { ...before.filter, kinds: ['added', 'removed'] },
      notices: { provisional: false, held: false, quietDays: true },
    });
    expect(data).toMatchObject({ subscriptionId: id, filter: after.filter });
    expect(data).not.toHaveProperty('token');
    expect(shown).toContain('additions and removals under China and Hong Kong');
    expect(shown).toContain('each day at 08:30 by the clock of Europe/Berlin');
  });

  test('an edit by the address takes each notice on or off, and each restriction away', async () => {
    await watchlistOf('operator', 'customers');
    const id = await idOf(
      ...['ana@example.org', '--destination', 'CN', '--kind', 'added', '--list', 'entity-list'],
      ...['--keyword', 'optics', '--watchlist', 'customers', '--minimum', '3', '--name', 'desk'],
      ...['--contact', 'owner@example.org', '--no-provisional', '--no-held', '--quiet-days'],
      ...['--date-language', 'de'],
    );
    await elwatch(
      ...['edit', 'ana@example.org', '--destination', '', '--kind', '', '--list', '', '--keyword', ''],
      ...['--watchlist', '', '--minimum', '1', '--name', '', '--contact', '', '--provisional', '--held'],
      ...['--no-quiet-days', '--date-language', 'ja', '--schedule', 'weekly monday 08:30 Europe/Berlin'],
    );
    expect(await stored(id)).toMatchObject({
      name: '',
      contact: null,
      filter: { lists: [], countries: [], kinds: [], keywords: [], watchlists: [], minimumCount: 1 },
      notices: { provisional: true, held: true, quietDays: false },
      schedule: { mode: 'weekly', weekday: 1 },
      dateLanguage: 'ja',
    });
  });

  test.each([
    [['--schedule', 'daily 25:00 Europe/Berlin'], 'invalid-subscription'],
    [['--list', 'no-list'], 'invalid-subscription'],
    [['--date-language', 'tlh'], 'invalid-subscription'],
    [['--watchlist', 'nobody'], 'watchlist-unknown'],
    [['--destination', 'QQ'], 'unknown-destination'],
    [['--kind', 'made'], 'unknown-kind'],
    [['--contact', 'nobody'], 'invalid-address'],
    [['--name', 'second'], 'subscription-exists'],
    [['--minimum', '0'], 'commander.invalidArgument'],
  ])('an edit by %j is refused as %s, and nothing changes', async (args, code) => {
    const id = await idOf('ana@example.org');
    await idOf('ana@example.org', '--name', 'second');
    const before = await stored(id);
    await expect(elwatch('edit', id, '--quiet-days', ...args)).rejects.toMatchObject({ code });
    expect(await stored(id)).toEqual(before);
  });

  test('an edit of nothing, or of nobody, is refused', async () => {
    const id = await idOf('ana@example.org');
    await expect(elwatch('edit', id)).rejects.toMatchObject({ exitCode: 2 });
    await expect(elwatch('edit', 'bo@example.org', '--no-held')).rejects.toMatchObject({
      code: 'subscription-unknown',
      hint: expect.stringContaining('elwatch subscriptions list'),
    });
  });

  test('no id begins with a hyphen, which a command line would take for an option', async () => {
    expect(await idOf('ana@example.org')).toMatch(/^sub_[\w-]{24}$/u);
  });

  test('the list shows the id that other commands take, and whose each is', async () => {
    await idOf('ana@example.org', '--name', 'desk');
    await idOf('ana@example.org', '--organisation', 'acme');
    const all = await listSubscriptions(app.parts.db);
    const { data, shown } = await elwatch('list');
    for (const { subscriptionId, organisationId } of all) {
      const line = shown.split('\n').find((one) => one.includes(subscriptionId));
      expect(line).toContain(organisationId);
      expect(line).toContain('ana@example.org');
    }
    expect(shown).toContain('ana@example.org (desk)');
    expect(data).toEqual({ subscriptions: all.map(({ token: _, ...one }) => one) });
  });

  test('an address with several subscriptions is answered with their ids', async () => {
    const one = await idOf('ana@example.org', '--name', 'desk');
    const other = await idOf('ana@example.org', '--organisation', 'acme');
    const refused = elwatch('edit', 'ana@example.org', '--no-held');
    await expect(refused).rejects.toMatchObject({ code: 'subscription-ambiguous' });
    await expect(refused).rejects.toMatchObject({
      hint: expect.stringContaining(`${one} (operator, desk)`),
    });
    await expect(refused).rejects.toMatchObject({ hint: expect.stringContaining(`${other} (acme)`) });
  });
});
