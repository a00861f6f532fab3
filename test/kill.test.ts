import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { places } from './helpers/databases.ts';
import { MOMENTS } from './helpers/kill/kill-at-statement.ts';
import { type KillSetting, openKillSetting } from './helpers/kill/kill-setting.ts';
import { MAIL_STAGES, WEBHOOK_STAGES } from './helpers/kill/receivers.ts';
import { countRepeats, findFaults, type KillOutcome } from './helpers/kill/tally.ts';

// A sample of the places: `npm run kill:deliver` tries every one.
const pglite = places.find(({ name }) => name === 'PGlite')!;
const server = places.find(({ name }) => name === 'PostgreSQL') ?? pglite;

describe(`a worker on ${server.name} that is killed while it tells a rule`, { timeout: 120_000 }, () => {
  let setting: KillSetting;
  let statements: number;

  beforeAll(async () => {
    setting = await openKillSetting(server);
    const undisturbed = await setting.run([null], 1);
    statements = undisturbed.statements;
    expect(findFaults(undisturbed, setting.recipients)).toEqual([]);
    expect(undisturbed.messages).toHaveLength(3);
  });
  afterAll(() => setting.close());

  test('at any of its statements loses nothing, and repeats only what its ledger could not know', async () => {
    for (let nth = 1, at = 0; nth <= statements; nth += 4, at += 1) {
      const outcome = await setting.run([{ statement: { nth, moment: MOMENTS[at % 3]! } }], 1);
      expect(outcome.steps, `statement ${nth}`).toHaveLength(1);
      expect(findFaults(outcome, setting.recipients), `statement ${nth}`).toEqual([]);
    }
  });

  test.each(MAIL_STAGES)('while the mail server is at “%s” tells everybody', async (name) => {
    const nth = name === 'greeting' ? 1 : 2;
    const outcome = await setting.run([{ stage: `mail ${name}`, nth }], 1);
    expect(outcome.steps).toEqual([`mail ${name}`]);
    expect(findFaults(outcome, setting.recipients)).toEqual([]);
    // A message that is had and not answered is sent again; one that is being read or answered now may be.
    if (name === 'whole') expect(countRepeats(outcome)).toBe(1);
    else if (name !== 'content' && name !== 'accepted') expect(countRepeats(outcome)).toBe(0);
  });

  test.each(WEBHOOK_STAGES)('while the webhook is at “%s” tells everybody', async (name) => {
    const outcome = await setting.run([{ stage: `webhook ${name}`, nth: 1 }], 1);
    expect(outcome.steps).toEqual([`webhook ${name}`]);
    expect(findFaults(outcome, setting.recipients)).toEqual([]);
    if (name === 'whole') expect(countRepeats(outcome)).toBe(1);
    // The body is small and comes with the headers.
    else if (name === 'connected') expect(countRepeats(outcome)).toBe(0);
  });

  test('that was held before tells the notice and the rule, or the rule alone where that came first', async () => {
    for (const nth of [6, 12, 16, 20, 30, 45]) {
      const kill = { statement: { nth, moment: MOMENTS[nth % 3]! } };
      const outcome = await setting.run([kill], 4, 'notice and rule');
      expect(outcome.steps, `statement ${nth}`).toHaveLength(1);
      expect(findFaults(outcome, setting.recipients), `statement ${nth}`).toEqual([]);
    }
  });

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

test('a worker on PGlite that is killed leaves a store from which all are told', {
  timeout: 120_000,
}, async () => {
  const setting = await openKillSetting(pglite);
  try {
    for (const kill of [
      { statement: { nth: 12, moment: 'answered' } },
      { statement: { nth: 20, moment: 'before' } },
      { stage: 'mail whole', nth: 1 },
    ] as const) {
      const outcome = await setting.run([kill], 1);
      expect(outcome.steps).toHaveLength(1);
      expect(findFaults(outcome, setting.recipients)).toEqual([]);
    }
  } finally {
    await setting.close();
  }
});

describe('the count of messages', () => {
  const good: KillOutcome = {
    steps: ['record sent'],
    statements: 0,
    changeSetIds: ['notice', 'rule'],
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
  };
  const recipients = ['ana@example.org', '/hook'];
  /** The outcome with something else said of one delivery. */
  const but = (id: string, change: Partial<KillOutcome['ledger'][number]>) => ({
    ledger: good.ledger.map((row) => (row.id === id ? { ...row, ...change } : row)),
  });

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
    ['<a> came again and the ledger denies it', but('<a>', { maybeDuplicate: false })],
    ['a signature was refused: too old', { refused: ['too old'] }],
  ])('says “%s”', (fault, change) => {
    expect(findFaults({ ...good, ...change }, recipients)).toContain(fault);
  });
});
