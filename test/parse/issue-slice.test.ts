import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ElwatchError } from '../../src/errors.ts';
import { readHead } from '../../src/parse/head.ts';
import { sliceIssue } from '../../src/parse/issue-slice.ts';
import { readRule } from '../../src/parse/rule.ts';
import { admitXml, type Element, loadXml } from '../../src/parse/xml.ts';
import { readFixture, readFixtureRule, SHARED_DATA } from '../helpers/fixtures.ts';

if (SHARED_DATA === null) console.info('issue-slice: ../shared/data is not here, so real issues are skipped');

const wrap = (...documents: string[]) =>
  Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<FEDREG><VOL>90</VOL><RULES>${documents.join('\n<PRTPAGE P="7"/>\n')}</RULES></FEDREG>\n`,
  );
const frdoc = (number: string) => `<FRDOC>[FR Doc. ${number} Filed 3-25-25; 4:15 pm]</FRDOC>`;
const rule = (number: string, inner = '<P>Text – é.</P>') => `<RULE>${inner}${frdoc(number)}</RULE>`;
const sliced = (issue: Uint8Array, number: string) => sliceIssue(issue, number).toString();

function codeOf(issue: Uint8Array, number = '2025-05426'): string {
  try {
    return `sliced: ${sliceIssue(issue, number)}`;
  } catch (error) {
    expect(error).toMatchObject({ retry: true, hint: expect.any(String) });
    return (error as ElwatchError).code;
  }
}

describe('a document of an issue', () => {
  test('comes out byte for byte, and reads the same as its own text', () => {
    const own = readFixture('rules/2025-05426/source.xml')
      .toString()
      .replace(/^<\?.*?\?>\s*/u, '')
      .trim();
    const slice = sliceIssue(wrap(rule('2025-05425'), own, rule('2025-05427')), '2025-05426');
    expect(slice.toString()).toBe(own);
    const record: unknown = JSON.parse(readFixture('rules/2025-05426/source.json').toString());
    expect(readRule(admitXml(slice), readHead(record))).toEqual(readFixtureRule('2025-05426'));
  });

  test.each([
    ['an en dash', '2025–05426', '2025-05426'],
    ['an en dash as an entity', '2025&#8211;05426', '2025-05426'],
    ['spaces around the dash', '2025 – 05426', '2025-05426'],
    ['no zero in front', '2012-7333', '2012-07333'],
    ['small letters', 'e8-19102', 'E8–19102'],
    ['the form of a correction', 'C1-2021-10490', 'C1-2021-10490'],
  ])('is found by a number that is printed with %s', (_what, printed, asked) => {
    expect(sliced(wrap(rule('2025-00001'), rule(printed)), asked)).toBe(rule(printed));
  });

  test('is found where its name for itself goes on behind the element, as in a proclamation', () => {
    const order =
      '<PRESDOCU><PROCLA><P>By the President.</P><FRDOC>[FR Doc. 2024-02934 </FRDOC><FILED>Filed 2-9-24; 8:45 am]</FILED></PROCLA></PRESDOCU>';
    expect(sliced(wrap(rule('2025-00001'), order), '2024-02934')).toBe(order);
  });

  test('is not found in comments, CDATA or the contents', () => {
    const hidden = `<!-- </RULE>${frdoc('2025-00009')} --><![CDATA[<RULE>${frdoc('2025-00009')}</RULE>]]><?x <RULE> ?>`;
    const own = rule('2025-05426', hidden);
    const issue = wrap('<CNTNTS><FRDOCBP>2025-00009</FRDOCBP></CNTNTS>', own);
    expect(sliced(issue, '2025-05426')).toBe(own);
    expect(codeOf(issue, '2025-00009')).toBe('not-in-issue');
  });

  test('may hold elements of its own name that are no documents', () => {
    const own = rule('2025-05426', '<RULE><P>a rule that is quoted</P></RULE><NOTICE/><RULE A="a>b"/>');
    expect(sliced(wrap(rule('2025-00001'), own), '2025-05426')).toBe(own);
  });

  test.each([
    ['that does not have it', wrap(rule('2025-00001')), 'not-in-issue'],
    ['that has it twice', wrap(rule('2025-05426'), rule('2025-05426')), 'twice-in-issue'],
    ['that names it twice', wrap(rule('2025-05426', frdoc('2025-05426'))), 'twice-in-issue'],
    ['where it is no element', wrap(frdoc('2025-05426')), 'unclear-in-issue'],
    ['where two documents are one', wrap(rule('2025-05426', frdoc('2025-00001'))), 'unclear-in-issue'],
    ['where it holds another', wrap(rule('2025-05426', rule('2025-00001'))), 'unclear-in-issue'],
    ['where it is not closed', wrap(`<RULE>${frdoc('2025-05426')}`, rule('2025-00001')), 'unclear-in-issue'],
    ['that was cut', wrap(rule('2025-05426')).subarray(0, -20), 'issue-incomplete'],
    ['that is empty', Buffer.alloc(0), 'issue-incomplete'],
    ['that is a page', Buffer.from('<html><body>Not found</body></html>'), 'issue-incomplete'],
    ['with a comment that does not end', wrap(`<!-- ${rule('2025-05426')}`), 'issue-incomplete'],
    ['with a tag that does not end', wrap(`<RULE ${'x '.repeat(600)}`), 'issue-incomplete'],
    [
      'with a DOCTYPE',
      Buffer.from(`<!DOCTYPE FEDREG [<!ENTITY x "y">]>${wrap(rule('2025-05426'))}`),
      'doctype-refused',
    ],
    ['of more than 32 MB', Buffer.alloc(32 * 1024 * 1024 + 1, 0x20), 'body-too-large'],
  ])('is refused from an issue %s', (_what, issue, code) => {
    expect(codeOf(issue)).toBe(code);
  });

  test('comes out whole and no other does, whatever stands around it', () => {
    const piece = fc.constantFrom(
      '<P>text – é 北</P>',
      '<PRTPAGE P="14032"/>',
      '<!-- <RULE> -->',
      '<![CDATA[</NOTICE><FRDOC>[FR Doc. 2025-00001 Filed]</FRDOC>]]>',
      '<RULES/>',
      '<RULE/>',
      '<NOTICE X="a>b"><P/></NOTICE>',
      '<FRDOCBP>2025-00002</FRDOCBP>',
      ' \n',
    );
    const name = fc.constantFrom('RULE', 'PRORULE', 'NOTICE', 'PRESDOCU', 'CORRECT', 'RULE TYPE="a>b"');
    const around = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));
    const documents = fc.uniqueArray(
      fc.record({ number: fc.integer({ min: 10, max: 99_999 }), name, before: around, after: around }),
      { selector: ({ number }) => number, minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(documents, around, (made, between) => {
        const numberOf = (number: number) => `2025-${String(number).padStart(5, '0')}`;
        const texts = made.map(
          ({ number, name, before, after }) =>
            `<${name}>${before}${frdoc(numberOf(number))}${after}</${name.split(' ')[0]}>`,
        );
        const issue = wrap(texts.join(between));
        for (const [at, { number }] of made.entries())
          expect(sliced(issue, numberOf(number))).toBe(texts[at]);
        for (const absent of ['2025-00001', '2025-00002']) expect(codeOf(issue, absent)).toBe('not-in-issue');
      }),
    );
  });

  test.each(['<RULE>', '</RULE>', '<FRDOC>', '<!--', '<RULE "', '<![CDATA[', '<?', "<RULE '>"])(
    'is looked for in 8 MB of “%s” within seconds',
    (piece) => {
      const issue = Buffer.from(`${piece.repeat(Math.ceil(8_000_000 / piece.length))}</FEDREG>`);
      const begun = process.cpuUsage();
      expect(codeOf(issue)).toMatch(/issue/u);
      const { user, system } = process.cpuUsage(begun);
      expect((user + system) / 1e6).toBeLessThan(5);
    },
  );
});

describe.skipIf(SHARED_DATA === null)('a real issue', () => {
  test.each([
    ['FR-2016-04-15', 146],
    ['FR-2024-02-12', 96],
  ])('%s gives each of its documents, as a tree of the whole issue has them', (name, count) => {
    const issue = readFileSync(`${SHARED_DATA}federal-register/${name}.xml`);
    const $ = loadXml(issue.toString());
    const marks = $('FRDOC').toArray();
    expect(marks).toHaveLength(count);
    for (const mark of marks) {
      const number = /\d{4}-\d{5}/u.exec($(mark).text())![0];
      const [whole] = $(mark).closest('RULE, PRORULE, NOTICE, PRESDOCU, CORRECT').toArray() as Element[];
      const slice = sliceIssue(issue, number);
      expect(loadXml(slice.toString()).xml()).toBe($.xml(whole!));
      expect(admitXml(slice).root).toBe(whole!.name);
    }
    const admitted = admitXml(issue);
    for (const at of admitted.rules.keys()) {
      const read = readRule(admitted, null, at);
      expect(readRule(admitXml(sliceIssue(issue, read.document.number)), null)).toEqual(read);
    }
  });
});
