import { describe, expect, test } from 'vitest';
import { sliceIssue } from '../../src/parse/issue-slice.ts';
import { createWholeIssues } from '../../src/source/whole-issue.ts';
import { failureOf, makeDocument, openHttp, openUpstream } from '../helpers/upstream.ts';

const ON = '2025-03-28';
const PATH = '/bulkdata/FR/2025/03/FR-2025-03-28.xml';
const frdoc = (number: string) => `<FRDOC>[FR Doc. ${number} Filed 3-27-25; 8:45 am]</FRDOC>`;
const rule = (number: string) => `<RULE><P>§ 744 – é</P>${frdoc(number)}</RULE>`;
const first = { number: '2025-00001', publishedOn: ON };
const second = { number: '2025-00002', publishedOn: ON };

async function open() {
  const standIn = await openUpstream({
    documents: [
      makeDocument(
        { document_number: first.number },
        `<?xml version="1.0" encoding="UTF-8"?>\n${rule(first.number)}`,
      ),
      {
        ...makeDocument({ document_number: second.number }, null),
        printed: Buffer.from(rule(second.number)),
      },
      makeDocument({ document_number: '2025-00003' }, null),
      makeDocument({ document_number: '2025-00004' }, `<NOTICE>${frdoc('2025-00004')}</NOTICE>`),
      makeDocument({ document_number: '2025-00005', publication_date: '2025-03-31' }, rule('2025-00005')),
    ],
  });
  standIn.hasIssues = true;
  const clock = { at: Date.parse('2025-03-28T14:00:00Z') };
  const now = () => new Date(clock.at).toISOString();
  return {
    standIn,
    clock,
    issues: createWholeIssues({ http: openHttp(standIn), baseUrl: standIn.url, now }),
  };
}

describe('the issue of a day', () => {
  test('holds each document of that day that is printed, as the element that its own text is', async () => {
    const { standIn, issues } = await open();
    const issue = (await issues.fetchFor(first, 5))!;
    expect(standIn.requests.map(({ path }) => path)).toEqual([PATH]);
    expect(issue.contentType).toMatch(/xml/u);
    for (const { number } of [first, second])
      expect(sliceIssue(issue.bytes, number).toString()).toBe(rule(number));
    expect(sliceIssue(issue.bytes, '2025-00004').toString()).toMatch(/^<NOTICE>/u);
    for (const absent of ['2025-00003', '2025-00005'])
      expect(() => sliceIssue(issue.bytes, absent)).toThrow(
        expect.objectContaining({ code: 'not-in-issue' }),
      );
  });

  test('is asked once at a time, since other documents wait meanwhile', async () => {
    const { standIn, issues } = await open();
    standIn.failNext(PATH, 503, 100);
    expect((await failureOf(issues.fetchFor(first, 5))).code).toBe('http-503');
    expect(standIn.requests).toHaveLength(1);
  });

  test('names a document within it by an address that nothing else has', async () => {
    const { standIn, issues } = await open();
    expect(issues.addressOf(second)).toBe(`${standIn.url}${PATH}#2025-00002`);
  });

  test('is asked for each document by itself, and not before the pause is over, whatever came of it', async () => {
    const { standIn, clock, issues } = await open();
    standIn.failNext(PATH, 503);
    expect(await failureOf(issues.fetchFor(first, 5))).toMatchObject({ code: 'http-503' });
    expect(await issues.fetchFor(second, 5)).not.toBeNull();
    clock.at += 299_000;
    expect([await issues.fetchFor(first, 5), await issues.fetchFor(second, 5)]).toEqual([null, null]);
    expect(standIn.requests).toHaveLength(2);
    clock.at += 1_000;
    expect(await issues.fetchFor(first, 5)).not.toBeNull();
    expect(await issues.fetchFor(second, 10)).toBeNull();
    // A clock that is set back makes nobody wait for the hour to come again.
    clock.at -= 3_600_000;
    expect(await issues.fetchFor(second, 10)).not.toBeNull();
  });

  test('that govinfo does not have is not there', async () => {
    const { issues } = await open();
    const sunday = { number: '2025-00009', publishedOn: '2025-03-30' };
    expect(await failureOf(issues.fetchFor(sunday, 5))).toMatchObject({ code: 'http-404' });
  });

  test('of more than 32 MB is given up', async () => {
    const { standIn, issues } = await open();
    standIn.failNext(PATH, 'huge');
    expect(await failureOf(issues.fetchFor(first, 5))).toMatchObject({ code: 'body-too-large' });
    expect(standIn.requests[0]!.sentBytes).toBeLessThan(64 * 1024 * 1024);
  });
});
