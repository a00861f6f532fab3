import { load } from 'cheerio';
import { simpleParser } from 'mailparser';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { createEmailChannel } from '../../src/channel/email.ts';
import { type StoredChange, WHOLE_FILTER } from '../../src/model.ts';
import { type RenderedEmail, renderEmail } from '../../src/render/email.ts';
import { startMailServer } from '../helpers/mail-server.ts';
import {
  hostileChanges,
  sampleAddition,
  sampleChangeSet,
  sampleChanges,
  sampleEntry,
  sampleHeldSet,
} from '../helpers/sample-changes.ts';

const UNICODE = [
  '北京理工大学',
  'Общество с ограниченной ответственностью «Ромашка»',
  'شرکت صنایع الکترونیک',
  'Çağdaş Elektronik Şti.',
  '𠮷野家 株式会社',
  'Ole\u0301 Electro\u0301nica',
];

function render(changes: readonly StoredChange[], changeSet = sampleChangeSet()): RenderedEmail {
  return renderEmail({
    changeSet,
    changes,
    allChangesCount: changes.length + 1,
    subscription: { target: 'ana@example.org', token: 'tok', filter: WHOLE_FILTER },
    baseUrl: 'https://watch.example.org',
    mailFrom: 'alerts@example.org',
    messageId: '<one.two@example.org>',
  });
}

const many = Array.from({ length: 900 }, (_, at) =>
  sampleAddition(at, 'CN', 'X', sampleEntry(`Entity ${at}`)),
);
const mails: [string, () => RenderedEmail][] = [
  ['an alert with every kind of change', () => render(sampleChanges())],
  ['a notice that a rule is held', () => render([], sampleHeldSet())],
  ['a notice of a filing', () => render([], sampleChangeSet({ outcome: 'provisional' }))],
  ['a withdrawal', () => render([], sampleChangeSet({ outcome: 'withdrawn' }))],
  ['an alert with hostile names', () => render(hostileChanges())],
  ['an alert that is too long', () => render(many)],
  [
    'names of all scripts',
    () =>
      render(
        UNICODE.map((name, at) => sampleAddition(at, 'CN', 'X', sampleEntry(name, { aliases: UNICODE }))),
      ),
  ],
];

const VOID = ['meta', 'br', 'hr', 'img', 'link', 'input', 'wbr', 'col'];

/** Start tags in their order, read as XML: every element is closed, every attribute quoted, every sign escaped. */
function tagsAsXml(html: string): string[] {
  const tags: string[] = [];
  const parser = new SaxesParser({ xmlns: false });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => tags.push(name));
  parser.write(html.replace(new RegExp(`<(${VOID.join('|')})\\b([^>]*[^/>])?>`, 'gu'), '<$1$2/>')).close();
  return tags;
}

/** The same as a browser makes them of it: what stands where it may not is moved or closed. */
function tagsAsHtml(html: string): string[] {
  return (
    load(html)('*')
      .toArray()
      .map((node) => ('name' in node ? node.name : ''))
      // A browser adds these to every table.
      .filter((name) => name !== 'tbody')
  );
}

describe.each(mails)('the HTML of %s', (_what, make) => {
  const { html, subject } = make();
  const $ = load(html);

  test('is well formed, and means to a browser what it says', () => {
    expect(html.startsWith('<!DOCTYPE html>\n')).toBe(true);
    expect(tagsAsHtml(html)).toEqual(tagsAsXml(html).filter((name) => name !== 'tbody'));
    expect(new Set(tagsAsXml(html)).size).toBeGreaterThan(8);
  });

  test('loads nothing and runs nothing', () => {
    expect($('script, link, img, iframe, object, embed, form, svg, video, audio, base, input')).toHaveLength(
      0,
    );
    expect(html).not.toMatch(/@import|url\(|expression\(|behavior:|-moz-binding/iu);
    for (const element of $('*').toArray())
      for (const name of Object.keys($(element).attr() ?? {}))
        expect(name).toMatch(
          /^(?:lang|charset|name|content|style|class|role|width|cellpadding|cellspacing|align|href|scope)$/u,
        );
    for (const element of $('[href]').toArray()) expect($(element).attr('href')).toMatch(/^https:\/\//u);
  });

  test('is styled in place: clients that drop the style element lose the dark colours and no more', () => {
    const sheet = $('style').text();
    expect($('style')).toHaveLength(1);
    expect(sheet.replace(/:root \{[^}]*\}/u, '').trim()).toMatch(
      /^@media \(prefers-color-scheme: dark\) \{/u,
    );
    // Every class that the sheet knows has its colour in place too.
    for (const element of $('.m').toArray()) expect($(element).attr('style')).toMatch(/color:#/u);
    expect($('body').attr('style')).toMatch(/background:#ffffff;color:#1b1f24/u);
  });

  test('is readable in the dark: where a background is set, so is the colour of the text', () => {
    expect($('meta[name=color-scheme]').attr('content')).toBe('light dark');
    for (const element of $('[style*=background]').toArray())
      expect($(element).attr('style')).toMatch(/(?:^|;)color:/u);
  });

  test('says its language and title, and which tables are no tables', () => {
    expect($('html').attr('lang')).toBe('en');
    expect($('title').text()).toBe(subject);
    expect($('h1')).toHaveLength(1);
    for (const table of $('table').toArray())
      expect($(table).attr('role') === 'presentation' || $(table).find('th[scope]').length > 0).toBe(true);
    for (const table of $('table[role=presentation]').toArray())
      expect($(table).find('> tbody > tr > th')).toHaveLength(0);
  });

  test('is below the size at which clients clip', () => {
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(100_000);
  });
});

describe.each(mails)('the text of %s', (_what, make) => {
  const { text } = make();

  test('has no line above 78 but for a word that is longer', () => {
    const long = text
      .split('\n')
      .filter((line) => line.length > 78 && /\S\s+\S/u.test(line.replace(/^\s*[*|[+{-]*\s*\S+:?/u, '')));
    expect(long).toEqual([]);
  });

  test('ends its lines without white space, and parts paragraphs by one empty line', () => {
    expect(text).not.toMatch(/[ \t]\n/u);
    expect(text).not.toMatch(/\n{3}/u);
    expect(text.endsWith('\n')).toBe(true);
  });

  test('holds no control, no mark of direction and nothing invisible', () => {
    expect(text).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}|\p{Cs}/u);
  });
});

test('names of all scripts arrive as they are, in seven bits, in lines that every server takes', async () => {
  const server = await startMailServer();
  const channel = createEmailChannel({
    smtpUrl: `smtp://127.0.0.1:${server.port}`,
    mailFrom: 'Büro für Ausfuhr <alerts@example.org>',
    outboxDir: '/nonexistent',
  });
  const sent = render(
    UNICODE.map((name, at) => sampleAddition(at, 'CN', 'X', sampleEntry(name, { aliases: UNICODE }))),
  );
  await channel.send({ to: 'ana@example.org', ...sent, subject: UNICODE.join('; ') });
  await channel.close();
  await server.close();
  const { raw } = server.received[0]!;
  // RFC 5322 §2.1.1 and RFC 5321 §2.4: 998 octets to a line, and no eighth bit without an extension.
  expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
  expect(raw).toMatch(/^[\t\r\n -~]*$/u);
  expect(raw).not.toMatch(/[^\r]\n/u);
  const mail = await simpleParser(Buffer.from(raw, 'latin1'));
  expect(mail.subject).toBe(UNICODE.join('; '));
  expect(mail.from?.value[0]).toMatchObject({ name: 'Büro für Ausfuhr', address: 'alerts@example.org' });
  for (const name of UNICODE) {
    expect(mail.text).toContain(name);
    expect(mail.html).toContain(name);
    expect(mail.attachments[0]?.content.toString('utf8')).toContain(name);
  }
});
