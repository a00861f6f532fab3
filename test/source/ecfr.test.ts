import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { StandInSupplement } from '../../src/demo/stand-in.ts';
import type { ListName } from '../../src/model.ts';
import { createEcfr } from '../../src/source/ecfr.ts';
import { failureOf, openHttp, openUpstream } from '../helpers/upstream.ts';

const FULL = '/api/versioner/v1/full/';

function makeSupplement(list: ListName, number: number, from: string, text = 'entries'): StandInSupplement {
  const div = `<DIV9 N="Supplement No. ${number} to Part 744" TYPE="APPENDIX"><HEAD>${text}</HEAD></DIV9>`;
  return { list, from, xml: gzipSync(`<?xml version="1.0"?>\n<DIV5 N="744" TYPE="PART">${div}</DIV5>`) };
}

async function open() {
  const standIn = await openUpstream({
    supplements: [
      makeSupplement('entity-list', 4, '2020-01-01', 'old'),
      makeSupplement('entity-list', 4, '2025-03-01', 'new'),
      makeSupplement('unverified-list', 6, '2020-01-01'),
      makeSupplement('military-end-user-list', 7, '2020-01-01'),
    ],
  });
  standIn.upToDateAsOf = '2025-06-26';
  return { standIn, ecfr: createEcfr({ http: openHttp(standIn), baseUrl: standIn.url }) };
}

describe('the newest day', () => {
  test('is that of title 15', async () => {
    const { ecfr } = await open();
    expect(await ecfr.upToDateAsOf()).toBe('2025-06-26');
  });

  test('is not given while the title is being processed', async () => {
    const { standIn, ecfr } = await open();
    standIn.processing = true;
    expect(await failureOf(ecfr.upToDateAsOf())).toMatchObject({
      code: 'ecfr-processing',
      retry: true,
      retryAfterSeconds: 900,
    });
  });

  test('that is no day of the calendar, or an answer of another form, is an unexpected answer', async () => {
    const { standIn, ecfr } = await open();
    standIn.upToDateAsOf = '2025-06-31';
    expect(await failureOf(ecfr.upToDateAsOf())).toMatchObject({ code: 'unexpected-answer', retry: true });
    standIn.failNext('/api/versioner/', 'no-results-key');
    expect(await failureOf(ecfr.upToDateAsOf())).toMatchObject({ code: 'unexpected-answer' });
  });
});

describe('a supplement', () => {
  test.each([
    ['entity-list', 4],
    ['unverified-list', 6],
    ['military-end-user-list', 7],
  ] as const)('of the %s is no. %i, asked for in one request', async (list, number) => {
    const { standIn, ecfr } = await open();
    const { bytes, on, url } = await ecfr.fetchSupplement(list, '2025-06-01');
    expect(bytes.toString()).toContain(`<DIV9 N="Supplement No. ${number} to Part 744"`);
    expect(on).toBe('2025-06-01');
    expect(new URL(url).searchParams.get('appendix')).toBe(`Supplement No. ${number} to Part 744`);
    expect(standIn.requests).toHaveLength(1);
  });

  test('is that of the day', async () => {
    const { ecfr } = await open();
    expect((await ecfr.fetchSupplement('entity-list', '2025-02-28')).bytes.toString()).toContain('old');
    expect((await ecfr.fetchSupplement('entity-list', '2025-03-01')).bytes.toString()).toContain('new');
  });

  test('is asked for like a browser that says what it is, and gzipped', async () => {
    const { standIn, ecfr } = await open();
    await ecfr.fetchSupplement('entity-list', '2025-06-01');
    expect(standIn.requests[0]!.headers).toMatchObject({
      'user-agent': 'Mozilla/5.0 (compatible; entity-list-watch/0.0.1; +https://elwatch.example)',
      'accept-encoding': 'gzip',
    });
  });

  test('is taken from the part where appendix is refused', async () => {
    const { standIn, ecfr } = await open();
    standIn.partHoldsSupplements = true;
    const { bytes, url } = await ecfr.fetchSupplement('unverified-list', '2025-06-01');
    expect(bytes.toString()).toContain('<DIV9 N="Supplement No. 6 to Part 744"');
    expect(url).not.toContain('appendix');
  });

  test('is taken from the part where the appendix answer is something else', async () => {
    const { standIn, ecfr } = await open();
    standIn.partHoldsSupplements = true;
    standIn.failNext(FULL, `redirect:${FULL}2025-06-01/title-15.xml?part=744&appendix=`);
    expect((await ecfr.fetchSupplement('entity-list', '2025-06-01')).bytes.toString()).toContain('new');
  });

  test('that neither answer holds is an unexpected answer, not an empty list', async () => {
    const { ecfr } = await open();
    expect(await failureOf(ecfr.fetchSupplement('unverified-list', '2019-01-01'))).toMatchObject({
      code: 'unexpected-answer',
      retry: true,
      message: expect.stringContaining('Supplement No. 6'),
    });
  });

  test('of a day that is not there yet says which is the newest', async () => {
    const { ecfr } = await open();
    expect(await failureOf(ecfr.fetchSupplement('entity-list', '2025-06-27'))).toMatchObject({
      code: 'ecfr-date-too-late',
      message: expect.stringContaining('2025-06-26'),
    });
  });

  test.each([
    ['2016-12-31', 'ecfr-date-too-early'],
    ['2025-02-29', 'bad-argument'],
    ['../../../x', 'bad-argument'],
  ])('of %s is not asked for (%s)', async (on, code) => {
    const { standIn, ecfr } = await open();
    expect(await failureOf(ecfr.fetchSupplement('entity-list', on))).toMatchObject({ code, retry: false });
    expect(standIn.requests).toHaveLength(0);
  });

  test('while the title is being processed is 503 with the time to wait', async () => {
    const { standIn, ecfr } = await open();
    standIn.processing = true;
    expect(await failureOf(ecfr.fetchSupplement('entity-list', '2025-06-01'))).toMatchObject({
      code: 'http-503',
      retry: true,
      retryAfterSeconds: 600,
    });
  });

  test.each([
    ['huge', 'body-too-large'],
    ['truncate-gzip', 'body-truncated'],
    [403, 'http-403'],
    [406, 'http-406'],
  ] as const)('%s becomes %s, without another request', async (fault, code) => {
    const { standIn, ecfr } = await open();
    standIn.failNext(FULL, fault);
    expect(await failureOf(ecfr.fetchSupplement('entity-list', '2025-06-01'))).toMatchObject({ code });
    expect(standIn.requests).toHaveLength(1);
  });
});
