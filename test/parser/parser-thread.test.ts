import { readdirSync } from 'node:fs';
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

/** What is asked, and of whom; what comes is compared as JSON, and a refusal by its words. */
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
  [
    'the instructions of a rule',
    async (parser) => [...(await parser.instructions(readFixture('rules/2025-05426/source.xml')))],
  ],
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
      (answer) => JSON.stringify(answer),
      ({ code, message, hint, retry }) => JSON.stringify({ code, message, hint, retry }),
    );

  it.each(QUESTIONS)('says of %s what it says elsewhere', async (_what, ask) => {
    const said = await outcome(ask(here));
    expect(said.length).toBeGreaterThan(20);
    expect(await outcome(ask(thread))).toBe(said);
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
    const blank = Buffer.from(`<RULE><P>${' '.repeat(1_000_000)}</P></RULE>`);
    // Looked for at each of a million blanks to the end of them: minutes.
    const slow = thread.document(headOf('2025-05426'), blank, [{ find: ' x', by: 'y' }]);
    const behind = thread.document(headOf('2025-05426'), Buffer.from('<RULE><P>x</P></RULE>'), []);
    await expect(slow).rejects.toMatchObject({
      code: 'reading-gave-up',
      retry: true,
      message: expect.not.stringContaining('/'),
    });
    expect((await behind).document.number).toBe('2025-05426');
    await thread.close();
  });
});
