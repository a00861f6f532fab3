import { load } from 'cheerio';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import type { StoredChange } from '../../src/model.ts';
import { dateFacts, dayInWords } from '../../src/render/date-facts.ts';
import { renderDigestEmail } from '../../src/render/digest-email.ts';
import { viewDigest } from '../../src/render/digest-view.ts';
import { renderNoticeEmail } from '../../src/render/notice-email.ts';
import { renderSlackDigest } from '../../src/render/slack.ts';
import { renderTeamsDigest } from '../../src/render/teams.ts';
import { DATE_LANGUAGES } from '../../src/subscription-request.ts';
import {
  HOSTILE_NAMES,
  hostileChanges,
  sampleAddition,
  sampleChangeSet,
  sampleChanges,
  sampleEntry,
  sampleHeldSet,
} from '../helpers/sample-changes.ts';
import { sampleSubscription } from '../helpers/sample-subscription.ts';

const baseUrl = 'https://watch.example.org';
const period = { from: '2025-03-27T17:00:00.000Z', to: '2025-03-28T17:00:00.000Z' };

function input(changes: readonly StoredChange[]) {
  return { ...period, entries: [{ changeSet: sampleChangeSet(), changes }], baseUrl };
}
function mail(changes: readonly StoredChange[]) {
  const links = { acknowledgeUrl: `${baseUrl}/acknowledge/a`, preferencesUrl: `${baseUrl}/preferences/p` };
  const subscription = sampleSubscription();
  return renderDigestEmail({ ...input(changes), subscription, messageId: '<d@x>', links });
}
const many = Array.from({ length: 3_000 }, (_, at) =>
  sampleAddition(1_000 + at, 'CN', "CHINA, PEOPLE'S REPUBLIC OF", sampleEntry(`Entity ${at}`)),
);

describe('a digest', () => {
  test('puts entries under their list and destination, removals first', () => {
    const [list] = viewDigest(input(sampleChanges())).lists;
    expect(list?.title).toBe('Entity List');
    const places = list!.destinations.map(({ name }) => name);
    expect(places).toEqual([...places].sort());
    expect(list!.destinations.reduce((sum, { total }) => sum + total, 0)).toBe(8);
    for (const { lines } of list!.destinations) {
      const verbs = lines.map(({ verb }) => verb);
      expect(verbs.indexOf('Removed')).toBeLessThanOrEqual(0);
    }
  });

  test('of notices alone says that no entry changed', () => {
    const entries = [{ changeSet: sampleHeldSet(), changes: [] }];
    const { subject, documents, lists } = viewDigest({ ...period, entries, baseUrl });
    expect(subject).toBe('Digest: 1 notice, no entry changed');
    expect(documents[0]?.subject).toContain('not confirmed');
    expect(lists).toEqual([]);
  });

  test('holds in text and HTML the same entries, and the links of its foot', () => {
    const { text, html, csv, headers } = mail(sampleChanges());
    const shown = load(html).text();
    for (const { name } of sampleChanges()) {
      expect(text.replace(/\s+/gu, ' ')).toContain(name);
      expect(shown).toContain(name);
      expect(csv?.content).toContain(name);
    }
    for (const page of ['acknowledge/a', 'preferences/p', 'unsubscribe/tok']) {
      expect(text).toContain(`${baseUrl}/${page}`);
      expect(html).toContain(`${baseUrl}/${page}`);
    }
    expect(headers['List-Unsubscribe']).toBe(`<${baseUrl}/unsubscribe/tok>`);
  });

  test('stays within 100 kB and says what it leaves out', () => {
    const { html, text, csv } = mail(many);
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(100_000);
    expect(text).toMatch(/[\d,]+ changes are not shown here/u);
    expect(csv!.content.split('\r\n').length).toBeGreaterThan(3_000);
  });

  test('holds hostile names as text only', () => {
    const { html, text } = mail(hostileChanges());
    const page = load(html);
    expect(page('script, img').length).toBe(0);
    expect(page('a[href^="javascript"]').length).toBe(0);
    expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/u);
    for (const message of [
      renderSlackDigest(input(hostileChanges())),
      renderTeamsDigest(input(hostileChanges())),
    ])
      expect(() => JSON.parse(message)).not.toThrow();
    expect(renderSlackDigest(input(hostileChanges()))).not.toContain('<script>');
  });

  test('fits into a chat however much it has, and counts the rest', () => {
    const slack = renderSlackDigest(input(many));
    const { blocks } = JSON.parse(slack);
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(12_000);
    expect(slack).toContain('more are on the pages');
    expect(Buffer.byteLength(renderTeamsDigest(input(many)))).toBeLessThanOrEqual(28_672);
  });
});

test('a notice escapes what it is about, and its subject is one line', () => {
  for (const name of HOSTILE_NAMES) {
    const { html, subject } = renderNoticeEmail({
      ...{ subject: name, paragraphs: [name], messageId: '<n@x>', baseUrl, unsubscribeUrl: null },
    });
    expect(load(html)('script, img').length).toBe(0);
    expect(subject).not.toMatch(/\p{Cc}/u);
    expect(() =>
      new SaxesParser().write(html.replace(/<!DOCTYPE html>|<meta[^>]*>/gu, '')).close(),
    ).not.toThrow();
  }
});

describe('days', () => {
  test.each([
    ['en', 'March 25, 2025'],
    ['de', '25. März 2025'],
    ['fr', '25 mars 2025'],
    ['es', '25 de marzo de 2025'],
    ['ja', '2025年3月25日'],
    ['zh', '2025年3月25日'],
  ])('are written in %s', (language, words) => {
    expect(dayInWords('2025-03-25', language)).toBe(words);
    expect(dateFacts(sampleChangeSet(), language).effective).toContain(words);
  });

  test('have a form in every language that can be chosen, and what is no day stays as it is', () => {
    const forms = DATE_LANGUAGES.map((language) => dayInWords('2025-12-31', language));
    expect(forms.every((form) => form.includes('2025') && form.includes('31'))).toBe(true);
    for (const text of ['soon', '2025-13-01', '2025-02-99']) expect(dayInWords(text, 'de')).toBe(text);
  });
});
