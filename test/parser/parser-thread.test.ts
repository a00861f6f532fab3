import { readdirSync } from 'node:fs';
import { inspect } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readHead } from '../../src/parse/head.ts';
import { openParserThread } from '../../src/parser/open-parser-thread.ts';
import { createParserHere, type Parser } from '../../src/parser.ts';
import { fixturePath, RULE_NUMBERS, readFixture } from '../helpers/fixtures.ts';

const headOf = (number: string) =>
  readHead(JSON.parse(readFixture(`rules/${number}/source.json`).toString()));
const FILING = { title: 'Additions to the Entity List', type: 'Rule', filedAt: null };
const SUPPLEMENT = 'list/supplement-4-2025-03-24.xml.gz';

/** What is asked, and of whom; a refusal is compared by its words. */
const QUESTIONS: [what: string, ask: (parser: Parser) => Promise<unknown>][] = [
  ...RULE_NUMBERS.map((number): [string, (parser: Parser) => Promise<unknown>] => [
    `the rule ${number}`,
    (parser) => parser.document(headOf(number), readFixture(`rules/${number}/source.xml`), []),
  ]),
  ...readdirSync(fixturePath('broken'))
    .filter((name) => name.endsWith('.xml'))
    .map((name): [string, (parser: Parser) => Promise<unknown>] => [
      `the broken text ${name}`,
      (parser) => parser.document(headOf(RULE_NUMBERS[0]!), readFixture(`broken/${name}`), []),
    ]),
  [
    'a rule with other words in place of some',
    (parser) =>
      parser.document(headOf('2025-05426'), readFixture('rules/2025-05426/source.xml'), [
        { find: 'stands nowhere', by: 'x' },
      ]),
  ],
  ['the list of a day', (parser) => parser.supplement(gunzipSync(readFixture(SUPPLEMENT)))],
  ['a filing', (parser) => parser.filing(readFixture('filings/2025-05426.txt').toString(), FILING)],
  ['the instructions of a rule', (parser) => parser.instructions(readFixture('rules/2025-05426/source.xml'))],
  [
    'a document out of an issue',
    async (parser) => {
      const document = readFixture('rules/2025-05426/source.xml')
        .toString()
        .replace(/^<\?.*?\?>/u, '');
      const issue = Buffer.from(`<FEDREG>${document}</FEDREG>`);
      return Buffer.from(await parser.issue(issue, '2025-05426')).toString();
    },
  ],
  [
    'rows of the Consolidated Screening List',
    (parser) =>
      parser.screeningList(
        Buffer.from(
          'source,name,addresses,federal_register_notice,alt_names\nEntity List (EL) - BIS,Acme Optics,"Beijing, CN",90 FR 1,Acme\n',
        ),
        'csv',
      ),
  ],
];

describe('a text that is read in a thread', () => {
  const here = createParserHere();
  const thread = openParserThread();
  afterAll(() => thread.close());
  const outcome = (asked: Promise<unknown>) =>
    asked.then(
      (answer) => ({ answer }),
      ({ code, message, hint, retry }) => ({ code, message, hint, retry }),
    );

  it.each(QUESTIONS)('says of %s what it says elsewhere', async (_what, ask) => {
    const said = await outcome(ask(here));
    expect(inspect(said).length).toBeGreaterThan(20);
    expect(await outcome(ask(thread))).toStrictEqual(said);
  });

  it('answers many that ask at once, each its own', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        thread.document(headOf('2025-05426'), Buffer.from(`<RULE><P>${at}</P></RULE>`), [
          { find: `${at} stands nowhere`, by: '' },
        ]),
      ),
    );
    for (const [at, { issues }] of all.entries())
      expect(issues.map(({ excerpt }) => excerpt)).toContain(`${at} stands nowhere`);
  });
});

describe('a text that takes too long', () => {
  it('is given up by its name, and the ones behind it are read', async () => {
    const thread = openParserThread({ timeoutMs: 10_000 });
    const long = Buffer.from(`<RULE><P>${'text '.repeat(400_000)}</P></RULE>`);
    // Two million signs are looked through for each of these: minutes.
    const many = Array.from({ length: 100_000 }, () => ({ find: 'z stands nowhere', by: '' }));
    const slow = thread.document(headOf('2025-05426'), long, many);
    const behind = thread.document(headOf('2025-05426'), Buffer.from('<RULE><P>x</P></RULE>'), []);
    await expect(slow).rejects.toMatchObject({
      code: 'reading-gave-up',
      retry: true,
      message: expect.not.stringContaining('/'),
    });
    expect((await behind).document.number).toBe('2025-05426');
    await thread.close();
  });

  it('keeps no page waiting that shows the instructions of another', async () => {
    const thread = openParserThread({ timeoutMs: 20_000 });
    const long = Buffer.from(`<RULE><P>${'text '.repeat(400_000)}</P></RULE>`);
    const many = Array.from({ length: 100_000 }, () => ({ find: 'z stands nowhere', by: '' }));
    let isRead = false;
    const slow = thread.document(headOf('2025-05426'), long, many).finally(() => {
      isRead = true;
    });
    slow.catch(() => undefined);
    const shown = await thread.instructions(readFixture('rules/2025-05426/source.xml'));
    expect(shown.size).toBeGreaterThan(0);
    expect(isRead).toBe(false);
    await thread.close();
    await expect(slow).rejects.toMatchObject({ code: 'closing', retry: true });
  });

  it('ends at once when it is closed, with all that waits behind it', async () => {
    const thread = openParserThread();
    const asked = [1, 2, 3].map(() =>
      thread.document(headOf('2025-05426'), Buffer.from('<RULE><P>x</P></RULE>'), []),
    );
    const ended = Promise.allSettled(asked);
    await thread.close();
    for (const one of await ended)
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'closing' } });
    await expect(thread.filing('', FILING)).rejects.toMatchObject({ code: 'closing' });
  });
});
