import { expect, test } from 'vitest';
import { WHOLE_FILTER } from '../../src/model.ts';
import { renderEmail } from '../../src/render/email.ts';
import {
  HOSTILE_NAMES,
  hostileChanges,
  sampleAddition,
  sampleChangeSet,
  sampleChanges,
  sampleEntry,
  sampleHeldSet,
} from '../helpers/sample-changes.ts';

const frame = {
  subscription: {
    target: 'ana@example.org',
    token: 'tok',
    filter: { ...WHOLE_FILTER, countries: ['CN'] },
  },
  baseUrl: 'https://watch.example.org/',
  mailFrom: 'Entity List Watch <alerts@example.org>',
  messageId: 'one@example.org',
};

test('says what changed in text and HTML alike', () => {
  const mail = renderEmail({
    ...frame,
    changeSet: sampleChangeSet(),
    changes: sampleChanges(),
    allChangesCount: 12,
  });
  for (const part of [mail.text.replace(/\s+/gu, ' '), mail.html.replace(/\s+/gu, ' ')]) {
    for (const fact of [
      'China: 3',
      'Beijing Example Institute',
      'Effective March 25, 2025, three days before publication on March 28, 2025.',
      '6 of 6 stated additions found',
      'no longer on the list',
      'Footnote 4: supercomputer FDP rule',
      'https://www.federalregister.gov/citation/90-FR-14035',
      'Your filter matches 8 of the 12 changes',
      'every change under China',
      'https://watch.example.org/unsubscribe/tok',
      'no legal advice',
    ]) {
      expect(part).toContain(fact);
    }
  }
  expect(mail.text).toContain('[-ATF-]');
  expect(mail.text).toContain('{+Aerotechnic SAS+}');
  expect(mail.html).toMatch(/<del style="[^"]+">ATF<\/del>/u);
  expect(mail.html).not.toMatch(/<img|src=|https?:[^"]*\.css/u);
  const long = mail.text.split('\n').filter((line) => line.length > 76 && !line.includes('https://'));
  expect(long).toEqual([]);
});

test('says the shared terms once for a group', () => {
  const changes = Array.from({ length: 30 }, (_, i) =>
    sampleAddition(i, 'CN', 'CHINA', sampleEntry(`Name ${i}`)),
  );
  const mail = renderEmail({ ...frame, changeSet: sampleChangeSet(), changes, allChangesCount: 30 });
  expect(mail.html.match(/Presumption of denial/gu)).toHaveLength(1);
});

test('headers let people and machines unsubscribe, and thread a follow-up', () => {
  const { headers } = renderEmail({
    ...frame,
    changeSet: sampleChangeSet(),
    changes: [],
    allChangesCount: 0,
    references: ['<first@example.org>', '<zero@example.org>'],
  });
  expect(headers).toEqual({
    'Message-ID': '<one@example.org>',
    'List-Unsubscribe': '<https://watch.example.org/unsubscribe/tok>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    'List-ID': 'Entity List Watch <changes.watch.example.org>',
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
    'In-Reply-To': '<zero@example.org>',
    References: '<first@example.org> <zero@example.org>',
  });
});

test('a held notice says what is stated and why it is not confirmed', () => {
  const mail = renderEmail({ ...frame, changeSet: sampleHeldSet(), changes: [], allChangesCount: 0 });
  expect(mail.csv).toBeNull();
  expect(mail.text.replace(/\s+/gu, ' ')).toContain('our copy of the list is unchanged');
  expect(mail.text).toContain('Unknown verb "transferring"');
  expect(mail.html).toContain('6 entities added');
});

test('hostile texts are harmless', () => {
  const mail = renderEmail({
    ...frame,
    changeSet: sampleChangeSet(),
    changes: hostileChanges(),
    allChangesCount: 10,
  });
  expect(mail.html).not.toMatch(/<script|<img|\b49\b/u);
  expect(mail.html).toContain('{{7*7}} &lt;%= 7*7 %&gt;');
  for (const part of [mail.html, mail.text, mail.subject]) {
    expect(part).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}|\p{Cs}/u);
  }
  expect(mail.html).toContain('[shortened, 5000 characters in all]');
  expect(mail.csv?.content).toContain(HOSTILE_NAMES.at(-1));
});

test('stays within 100 kB and says what it leaves out', () => {
  const changes = Array.from({ length: 900 }, (_, i) =>
    sampleAddition(
      i,
      i % 3 === 0 ? 'CN' : 'RU',
      'X',
      sampleEntry(`Entity number ${i}`, { addresses: ['Street & more '.repeat(8)] }),
    ),
  );
  const mail = renderEmail({
    ...frame,
    changeSet: sampleChangeSet(),
    changes: [...changes, ...sampleChanges()],
    allChangesCount: 908,
  });
  expect(Buffer.byteLength(mail.html)).toBeLessThanOrEqual(100_000);
  expect(Buffer.byteLength(mail.html)).toBeGreaterThan(90_000);
  const hidden = Number(/(\d+) of 908 changes are not shown/u.exec(mail.html)?.[1]);
  const shown = mail.html.match(/Entity number \d+/gu)?.length ?? 0;
  expect(hidden).toBeGreaterThan(100);
  expect(hidden + shown).toBeGreaterThanOrEqual(900);
  expect(mail.text.replace(/\s+/gu, ' ')).toContain(`${hidden} of 908 changes are not shown`);
  expect(mail.html).toContain('Gone Trading GmbH');
  expect(mail.csv?.content.trim().split('\r\n')).toHaveLength(909);
});

test('one monstrous entry does not push the others out', () => {
  const monster = sampleAddition(
    1,
    'CN',
    'X',
    sampleEntry('M', { aliases: Array(5_000).fill('&'.repeat(400)), addresses: Array(5_000).fill('y') }),
  );
  const mail = renderEmail({
    ...frame,
    changeSet: sampleChangeSet(),
    changes: [monster, ...sampleChanges()],
    allChangesCount: 9,
  });
  expect(Buffer.byteLength(mail.html)).toBeLessThanOrEqual(100_000);
  expect(mail.html).toContain('Octagon FZE');
  expect(mail.html).toContain('and 4960 more');
});
