import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChangeSet, StoredChange } from '../../src/model.ts';
import { viewChatQuiet, viewChatTest } from '../../src/render/chat-view.ts';
import { escapeMrkdwn, renderSlack, renderSlackAlert, renderSlackDigest } from '../../src/render/slack.ts';
import { renderTeams, renderTeamsAlert, renderTeamsDigest, teamsBytes } from '../../src/render/teams.ts';
import {
  HOSTILE_NAMES,
  hostileChanges,
  sampleAddition,
  sampleChangeSet,
  sampleChanges,
  sampleEntry,
  sampleHeldSet,
} from '../helpers/sample-changes.ts';

const baseUrl = 'https://watch.example.org/';

interface SlackText {
  type: string;
  text: string;
  verbatim?: boolean;
}

/** Reads a Slack message back, and holds it against the limits of Block Kit. */
function readSlack(json: string) {
  const { text, blocks, ...rest } = JSON.parse(json) as {
    text: string;
    blocks: { type: string; text?: SlackText; elements?: SlackText[] }[];
  };
  expect(rest).toEqual({ unfurl_links: false, unfurl_media: false });
  expect(blocks.length).toBeLessThanOrEqual(50);
  const texts = blocks.flatMap((block) => block.elements ?? [block.text!]);
  for (const one of texts) {
    expect(one.text.length).toBeGreaterThan(0);
    expect(one.text.length).toBeLessThanOrEqual(3_000);
    expect(one.type === 'plain_text' || one.verbatim).toBe(true);
  }
  expect(blocks[0]?.type).toBe('header');
  expect(blocks[0]!.text!.text.length).toBeLessThanOrEqual(150);
  expect(texts.reduce((sum, one) => sum + one.text.length, 0)).toBeLessThan(13_000);
  return { text, texts, all: texts.map((one) => one.text).join('\n') };
}

interface Card {
  type: string;
  version: string;
  body: { type: string; text?: string; inlines?: { type: string; text: string; weight?: string }[] }[];
  actions: { type: string; title: string; url: string }[];
}

/** Reads a Teams message back, and holds it against its limit. */
function readTeams(json: string) {
  const envelope = JSON.parse(json) as {
    type: string;
    attachments: { contentType: string; contentUrl: null; content: Card }[];
  };
  expect(envelope.type).toBe('message');
  expect(envelope.attachments).toHaveLength(1);
  expect(envelope.attachments[0]!.contentType).toBe('application/vnd.microsoft.card.adaptive');
  expect(teamsBytes(json)).toBeLessThanOrEqual(28_672);
  expect(Buffer.byteLength(json)).toBeLessThan(28_672);
  const card = envelope.attachments[0]!.content;
  expect(card).toMatchObject({ type: 'AdaptiveCard', version: '1.5' });
  const lines = card.body.map(({ text, inlines }) => text ?? inlines!.map((run) => run.text).join(''));
  expect(lines.every((line) => line !== '')).toBe(true);
  return { card, all: lines.join('\n') };
}

const inputOf = (
  changeSet: ChangeSet,
  changes: readonly StoredChange[],
  allChangesCount = changes.length,
) => ({
  changeSet,
  changes,
  allChangesCount,
  earlier: [],
  baseUrl,
});

const FORMS = [
  ['Slack', (input: ReturnType<typeof inputOf>) => readSlack(renderSlackAlert(input)).all],
  ['Teams', (input: ReturnType<typeof inputOf>) => readTeams(renderTeamsAlert(input)).all],
] as const;

describe.each(FORMS)('%s', (_name, render) => {
  test('says what changed in the words of the mail', () => {
    const all = render(inputOf(sampleChangeSet(), sampleChanges(), 12)).replaceAll('*', '');
    for (const fact of [
      'China 3, Pakistan 2, UAE 1',
      'Effective March 25, 2025, three days before publication on March 28, 2025.',
      'Checked: 6 of 6 stated additions found',
      'Removed from the Entity List: 1',
      'Gone Trading GmbH (Germany) also known as Gone KG',
      'Revised on the Entity List: 1',
      'license review policy changed',
      'Added to the Entity List under China: 3',
      'Beijing Example Institute also known as BEI; 北京示例研究所',
      'Your filter matches 8 of the 12 changes',
      'no legal advice',
    ])
      expect(all).toContain(fact);
  });

  test('says removals first, since they free somebody to trade', () => {
    const all = render(inputOf(sampleChangeSet(), sampleChanges()));
    expect(all.indexOf('Removed from')).toBeLessThan(all.indexOf('Added to'));
  });

  test('a held document says what it states and why it is not confirmed, and names no entry', () => {
    const all = render(inputOf(sampleHeldSet(), []));
    for (const fact of [
      '6 entities added',
      'Unknown verb "transferring".',
      'our copy of the list is unchanged',
    ])
      expect(all).toContain(fact);
  });

  test('a correction says first what is different', () => {
    const set = sampleChangeSet({ follows: 'cs_0', differences: ['The filing stated 7; it has 6.'] });
    const all = render(inputOf(set, sampleChanges()));
    expect(all.indexOf('The filing stated 7; it has 6.')).toBeGreaterThan(0);
    expect(all.indexOf('The filing stated 7; it has 6.')).toBeLessThan(all.indexOf('Removed from'));
  });

  test('a filing names whom it names, as provisional, and counts who is left out', () => {
    const all = render(inputOf(filedSet(1_500), []));
    expect(all).toContain('This is provisional.');
    expect(all).toContain('Filed at 2025-03-25 16:15 EDT (special filing).');
    expect(all).toContain('Added to the Entity List, under China (provisional)');
    const named = all.match(/Named \d+/gu)!.length;
    const left = [...all.matchAll(/and (\d+) more/gu)].reduce((sum, [, count]) => sum + Number(count), 0);
    expect(named).toBeGreaterThan(60);
    expect(named + left).toBe(1_500);
  });

  test('names as many of 900 entries as fit, and counts the rest', () => {
    const changes = Array.from({ length: 900 }, (_, i) =>
      sampleAddition(i, 'CN', 'CHINA', sampleEntry(`Entity ${i} & Sons`)),
    );
    const all = render(inputOf(sampleChangeSet(), changes));
    const named = all.match(/Entity \d+/gu)!.length;
    expect(named).toBeGreaterThan(60);
    expect(all).toContain(`${900 - named} more changes are on the page.`);
  });

  test('keeps its limits whatever the texts are', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 50 }),
      fc.constantFrom('<&>"\\*'.repeat(500), '漢'.repeat(4_000), '𠀀'.repeat(1_000), '&'.repeat(401)),
    );
    const names = fc.oneof(
      fc.array(text, { maxLength: 5 }),
      text.map((one) => Array<string>(60).fill(one)),
    );
    fc.assert(
      fc.property(names, names, text, (all, reasons, title) => {
        const changes = all.map((name, i) =>
          sampleAddition(i, 'CN', 'CHINA', sampleEntry(name, { aliases: all })),
        );
        const set = sampleHeldSet();
        set.document = { ...set.document!, title, htmlUrl: `https://www.federalregister.gov/${title}` };
        set.differences = reasons;
        set.issues = reasons.map((message) => ({
          code: 'x',
          holds: true,
          message,
          excerpt: null,
          locator: null,
        }));
        render(inputOf(set, changes));
        render(inputOf({ ...sampleChangeSet(), document: set.document }, changes));
      }),
      { numRuns: 40 },
    );
  });
});

function filedSet(count: number): ChangeSet {
  const named = Array.from({ length: count }, (_, i) => ({
    list: 'entity-list' as const,
    action: 'add' as const,
    destination: 'CHINA',
    country: 'CN',
    name: `Named ${i}`,
  }));
  return sampleChangeSet({
    outcome: 'provisional',
    filing: {
      filedAt: '2025-03-25T20:15:00.000Z',
      filingType: 'special',
      scheduledOn: '2025-03-28',
      seenAt: '2025-03-25T20:15:30.000Z',
      reading: {
        lists: ['entity-list'],
        stated: {},
        named,
        allNamed: true,
        effectiveOn: null,
        effectiveOnPublication: true,
        isDecoy: null,
        readable: true,
        issues: [],
      },
      letters: [],
      editorialNote: null,
    },
  });
}

const INJECTIONS = [
  ...HOSTILE_NAMES,
  '<!channel> <!here> <!everyone>',
  '<@U123> <#C123> <!subteam^S1>',
  '<https://evil.test|Federal Register>',
  '&lt;!channel&gt;',
  '*bold* _it_ ~gone~ `code` ```block```',
  ':skull: :+1:',
  '[click](https://evil.test) **x** ![i](https://evil.test/i.png)',
  '<at>Everyone</at>',
  '{{DATE(2025-01-01T00:00:00Z)}} @{x}',
];

const attack = () =>
  INJECTIONS.map((name, i) =>
    sampleAddition(i, null as unknown as string, name, sampleEntry(name, { aliases: [name] })),
  );

describe('a hostile name', () => {
  test('is no mention, link or style in Slack', () => {
    const { text, texts, all } = readSlack(
      renderSlackAlert(inputOf(sampleChangeSet(), [...attack(), ...hostileChanges()])),
    );
    // The only angle brackets are those of our own two links.
    expect(all.match(/<[^>]*>/gu)).toEqual([
      '<https://watch.example.org/changes/cs_2025-05426_1|Every field, old and new>',
      expect.stringMatching(
        /^<https:\/\/www\.federalregister\.gov\/[^|]+\|Federal Register document 2025-05426>$/u,
      ),
    ]);
    // The header is plain text, in which no style is read.
    const read = texts.slice(1).map((one) => one.text.replaceAll(/<[^>]*>/gu, ''));
    expect(read.join('\n')).not.toMatch(/[<>_~`]|:[\w+'-]+:/u);
    expect(all.replaceAll(/&(?:amp|lt|gt);/gu, '')).not.toContain('&lt');
    expect(text).not.toMatch(/[<>]/u);
    for (const one of texts) expect(one.text).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}|\p{Cs}/u);
  });

  test('loses nothing that a reader needs', () => {
    expect(escapeMrkdwn('A & B <Co> *Star* a_b')).toBe('A &amp; B &lt;Co&gt; ＊Star＊ a＿b');
    expect(escapeMrkdwn('Room 12:30, Ref: X')).toBe('Room 12:30, Ref: X');
    expect(escapeMrkdwn('&lt;!channel&gt;')).toBe('&amp;lt;!channel&amp;gt;');
  });

  test('stands in Teams only where no Markdown is read, and no action leads to it', () => {
    const { card, all } = readTeams(
      renderTeamsAlert(inputOf(sampleChangeSet(), [...attack(), ...hostileChanges()])),
    );
    const blocks = card.body.filter(({ type }) => type === 'TextBlock');
    expect(blocks.map(({ text }) => text)).toEqual([expect.stringMatching(/^Entity List Watch reads the/u)]);
    expect(all).toContain('[click](https://evil.test) **x**');
    expect(card.actions.map(({ type, url }) => [type, new URL(url).host])).toEqual([
      ['Action.OpenUrl', 'watch.example.org'],
      ['Action.OpenUrl', 'www.federalregister.gov'],
    ]);
    expect(all).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}|\p{Cs}/u);
  });

  test('of a document is no link', () => {
    for (const htmlUrl of ['javascript:alert(1)', 'https://', `https://x.test/${'a'.repeat(2_000)}`]) {
      const set = sampleChangeSet();
      set.document = { ...set.document!, htmlUrl };
      expect(readTeams(renderTeamsAlert(inputOf(set, []))).card.actions).toHaveLength(1);
      expect(readSlack(renderSlackAlert(inputOf(set, []))).all.match(/<[^>]*>/gu)).toHaveLength(1);
    }
  });

  test('in a link cannot end it', () => {
    const set = sampleChangeSet();
    set.document = { ...set.document!, htmlUrl: 'https://x.test/a|b>c<d?e=1&f=2' };
    const { all } = readSlack(renderSlackAlert(inputOf(set, [])));
    expect(all).toContain('<https://x.test/a%7Cb%3Ec%3Cd?e=1&amp;f=2|Federal Register document 2025-05426>');
  });
});

test('a size is counted as Teams counts it: quotes twice, and other signs than ASCII six times', () => {
  expect(teamsBytes('{"a":1}')).toBe('"{\\"a\\":1}"'.length);
  expect(teamsBytes('漢') - teamsBytes('a')).toBe(5);
});

test('every message has the link to acknowledge it, where it has one', () => {
  const acknowledgeUrl = 'https://watch.example.org/acknowledge/a.b.c';
  const many = Array.from({ length: 900 }, (_, at) =>
    sampleAddition(at, 'CN', "CHINA, PEOPLE'S REPUBLIC OF", sampleEntry(`Sample No. ${at} Co., Ltd.`)),
  );
  const input = { ...inputOf(sampleChangeSet(), many), acknowledgeUrl };
  const facts = { subject: 'No rule today', text: 'We looked.' };
  const digest = {
    from: '2025-03-27T12:00:00.000Z',
    to: '2025-03-28T12:00:00.000Z',
    entries: Array.from({ length: 20 }, () => ({ changeSet: sampleChangeSet(), changes: many })),
    ...{ baseUrl, acknowledgeUrl },
  };
  for (const message of [
    renderSlackAlert(input),
    renderSlackDigest(digest),
    renderSlack(viewChatTest(baseUrl, acknowledgeUrl)),
    renderSlack(viewChatQuiet(facts, baseUrl, acknowledgeUrl)),
  ])
    expect(readSlack(message).all).toContain(`<${acknowledgeUrl}|Acknowledge>`);
  for (const message of [
    renderTeamsAlert(input),
    renderTeamsDigest(digest),
    renderTeams(viewChatTest(baseUrl, acknowledgeUrl)),
    renderTeams(viewChatQuiet(facts, baseUrl, acknowledgeUrl)),
  ]) {
    const { actions } = readTeams(message).card;
    const at = actions.findIndex(({ title }) => title === 'Acknowledge');
    expect(actions[at]?.url).toBe(acknowledgeUrl);
    // Teams shows six at once.
    expect(at).toBeLessThan(6);
  }
});

test('a test send says in either chat that nothing happened', () => {
  const view = viewChatTest(baseUrl);
  expect(readSlack(renderSlack(view)).all).toContain('This is a test: no list has changed');
  expect(readTeams(renderTeams(view)).all).toContain('This is a test: no list has changed');
});
