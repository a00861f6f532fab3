import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { places } from './helpers/databases.ts';
import { MOMENTS } from './helpers/kill/kill-at-statement.ts';
import { type Kill, type KillSetting, openKillSetting } from './helpers/kill/kill-setting.ts';
import type { Story } from './helpers/kill/stories.ts';
import { countRepeats, findFaults, type KillOutcome } from './helpers/kill/tally.ts';

// A sample of the places: `npm run kill:deliver` tries every one.
const pglite = places.find(({ name }) => name === 'PGlite')!;
const server = places.find(({ name }) => name === 'PostgreSQL') ?? pglite;

/** A story and how many statements a worker makes that is left alone with it, which is checked first. */
async function open(story: Story, messages: number): Promise<{ setting: KillSetting; statements: number }> {
  const setting = await openKillSetting(server, story);
  const undisturbed = await setting.run([null], 1);
  expect(findFaults(undisturbed, setting.recipients)).toEqual([]);
  expect(undisturbed.messages).toHaveLength(messages);
  return { setting, statements: undisturbed.statements };
}

/** Kills one worker, and finds nothing wrong afterwards. */
async function killOnce(setting: KillSetting, kill: Kill, deliveriesAtOnce = 1): Promise<KillOutcome> {
  const outcome = await setting.run([kill], deliveriesAtOnce);
  const place = JSON.stringify(kill);
  expect(outcome.steps, place).toHaveLength(1);
  expect(findFaults(outcome, setting.recipients), place).toEqual([]);
  return outcome;
}

/** So many places, spread evenly over the statements, with the moments in turn. */
function sampleOf(statements: number, places: number): Kill[] {
  return Array.from({ length: places }, (_none, at) => ({
    statement: { nth: 1 + Math.floor(((at + 0.5) * statements) / places), moment: MOMENTS[at % 3]! },
  }));
}

describe(`a worker on ${server.name} that is killed while it tells a rule`, { timeout: 120_000 }, () => {
  let setting: KillSetting;
  let statements: number;

  beforeAll(async () => {
    ({ setting, statements } = await open('rule', 3));
  });
  afterAll(() => setting.close());

  test('at any of its statements loses nothing, and repeats only what its ledger could not know', async () => {
    for (const kill of sampleOf(statements, 6)) await killOnce(setting, kill);
  });

  test.each(['greeting', 'data', 'whole', 'accepted'] as const)(
    'while the mail server is at “%s” tells everybody',
    async (name) => {
      const nth = name === 'greeting' ? 1 : 2;
      const outcome = await killOnce(setting, { stage: `mail ${name}`, nth });
      expect(outcome.steps).toEqual([`mail ${name}`]);
      // A message that is had and not answered is sent again; one that is being answered now may be.
      if (name === 'whole') expect(countRepeats(outcome)).toBe(1);
      else if (name !== 'accepted') expect(countRepeats(outcome)).toBe(0);
    },
  );

  test.each(['connected', 'whole', 'answered'] as const)(
    'while the webhook is at “%s” tells everybody',
    async (name) => {
      const outcome = await killOnce(setting, { stage: `webhook ${name}`, nth: 1 });
      expect(outcome.steps).toEqual([`webhook ${name}`]);
      // Before that its client may have sent all of it or nothing: it waits for no greeting.
      if (name === 'whole') expect(countRepeats(outcome)).toBe(1);
    },
  );

  test('and whose successors are killed too keeps the promise, message by message', async () => {
    const outcome = await setting.run(
      [
        { stage: 'mail whole', nth: 1 },
        { stage: 'mail whole', nth: 1 },
        { statement: { nth: 9, moment: 'sent' } },
      ],
      4,
    );
    expect(outcome.steps).toHaveLength(3);
    expect(findFaults(outcome, setting.recipients)).toEqual([]);
  });
});

describe(`a worker on ${server.name} that is killed`, { timeout: 120_000 }, () => {
  test('while it tells a notice and its rule tells both, or the rule alone where that came first', async () => {
    const { setting, statements } = await open('notice and rule', 6);
    try {
      for (const kill of sampleOf(statements, 3)) await killOnce(setting, kill, 4);
    } finally {
      await setting.close();
    }
  });

  test('while it tells Slack and Teams tells both, twice only where it could not know', async () => {
    const { setting, statements } = await open('chat', 2);
    try {
      const repeated = await killOnce(setting, { stage: 'chat whole', nth: 2 });
      expect(countRepeats(repeated)).toBe(1);
      expect(repeated.ledger.filter(({ maybeDuplicate }) => maybeDuplicate)).toHaveLength(1);
      await killOnce(setting, { stage: 'chat connected', nth: 1 });
      for (const kill of sampleOf(statements, 2)) await killOnce(setting, kill);
    } finally {
      await setting.close();
    }
  });

  test('while it compares a rule with watchlists stores one run of each, and tells what is hit once', async () => {
    const { setting, statements } = await open('screening', 2);
    try {
      for (const kill of sampleOf(statements, 4)) await killOnce(setting, kill);
    } finally {
      await setting.close();
    }
  });

  test('while it makes and sends digests leaves nothing out, and lists nothing twice', async () => {
    const { setting, statements } = await open('digest', 3);
    try {
      for (const kill of sampleOf(statements, 3)) await killOnce(setting, kill);
      expect(countRepeats(await killOnce(setting, { stage: 'mail whole', nth: 2 }))).toBe(1);
    } finally {
      await setting.close();
    }
  });
});

test('a worker on PGlite that is killed leaves a store from which all are told', {
  timeout: 120_000,
}, async () => {
  const setting = await openKillSetting(pglite, 'rule');
  try {
    await killOnce(setting, { statement: { nth: 20, moment: 'before' } });
    await killOnce(setting, { stage: 'mail whole', nth: 1 });
  } finally {
    await setting.close();
  }
});

describe('the count of messages', () => {
  const good: KillOutcome = {
    steps: ['record sent'],
    statements: 0,
    changeSetIds: ['notice', 'rule'],
    corrections: [],
    messages: [
      { to: 'ana@example.org', id: '<a>' },
      { to: 'ana@example.org', id: '<a>' },
      { to: '/hook', id: 'n' },
      { to: '/hook', id: 'b' },
    ],
    refused: [],
    doubtful: ['<a>'],
    ledger: [
      {
        id: '<m>',
        to: 'ana@example.org',
        changeSetId: 'notice',
        status: 'suppressed',
        maybeDuplicate: false,
      },
      { id: 'n', to: '/hook', changeSetId: 'notice', status: 'sent', maybeDuplicate: false },
      { id: '<a>', to: 'ana@example.org', changeSetId: 'rule', status: 'sent', maybeDuplicate: true },
      { id: 'b', to: '/hook', changeSetId: 'rule', status: 'sent', maybeDuplicate: false },
    ],
    screened: { customers: { runs: 1, hits: 1 }, other: { runs: 1, hits: 0 } },
    digest: {
      documents: ['1', '2'],
      listed: [
        { to: 'ana@example.org', documents: ['1', '2', '1', '2'] },
        { to: '/hook', documents: ['2', '1'] },
      ],
      gathered: ['ana@example.org', '/hook'].flatMap((to) =>
        ['1', '2'].map((document) => ({ to, document, status: 'sent' })),
      ),
    },
  };
  const recipients = ['ana@example.org', '/hook'];
  /** The outcome with something else said of one delivery. */
  const but = (id: string, change: Partial<KillOutcome['ledger'][number]>) => ({
    ledger: good.ledger.map((row) => (row.id === id ? { ...row, ...change } : row)),
  });

  /** The outcome with one more digest, or with something else said of what was gathered. */
  const listing = (...documents: string[]) => ({
    digest: { ...good.digest!, listed: [...good.digest!.listed, { to: '/hook', documents }] },
  });
  const gathered = (rows: NonNullable<KillOutcome['digest']>['gathered']) => ({
    digest: { ...good.digest!, gathered: rows },
  });
  const rows = good.digest!.gathered;

  test('finds nothing where all were told', () => expect(findFaults(good, recipients)).toEqual([]));
  test.each<[string, Partial<KillOutcome>]>([
    ['/hook was not told', { messages: good.messages.slice(0, 3) }],
    ['<a> came 2 times, not 1', { doubtful: [] }],
    ['<a> came 2 times, not 3', { doubtful: ['<a>', '<a>'] }],
    ['b came 2 times, not 1', { messages: [...good.messages, good.messages[3]!] }],
    ['/hook has 2 deliveries of rule', but('n', { changeSetId: 'rule' })],
    ['bo@example.org was told, and must not be', { messages: [{ to: 'bo@example.org', id: 'b' }] }],
    ['x to /hook is in no ledger', { messages: [...good.messages, { to: '/hook', id: 'x' }] }],
    ['b is due in the ledger', but('b', { status: 'due' })],
    ['b is suppressed in the ledger', but('b', { status: 'suppressed' })],
    ['<m> is suppressed in the ledger', { corrections: ['rule'] }],
    ['<a> came again and the ledger denies it', but('<a>', { maybeDuplicate: false })],
    ['a signature was refused: too old', { refused: ['too old'] }],
    ['a digest to /hook leaves out 2', listing('1')],
    ['a digest to /hook lists 2 twice', listing('1', '2', '2')],
    ['a digest to /hook lists 3 too', listing('1', '2', '3')],
    ['2 for /hook is missing', gathered(rows.slice(0, 3))],
    ['2 for /hook is sent,sent', gathered([...rows, rows[3]!])],
    ['2 for /hook is gathered', gathered([...rows.slice(0, 3), { ...rows[3]!, status: 'gathered' }])],
    ['customers has 2 runs', { screened: { customers: { runs: 2, hits: 1 } } }],
    ['customers has 0 hits, not 1', { screened: { customers: { runs: 1, hits: 0 } } }],
    ['other has 1 hits, not 0', { screened: { other: { runs: 1, hits: 1 } } }],
  ])('says “%s”', (fault, change) => {
    expect(findFaults({ ...good, ...change }, recipients)).toContain(fault);
  });
});
