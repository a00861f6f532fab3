import { type ChatInput, type ChatView, fitChat } from './chat-view.ts';
import { cleanLine } from './clean.ts';
import { renderDigestChat } from './digest-chat.ts';
import type { DigestInput } from './digest-view.ts';

/** Limits of Block Kit: blocks of a message, characters of a text and of a header. */
const MOST_BLOCKS = 50;
const LONGEST_TEXT = 3_000;
const LONGEST_HEADER = 150;
/** Undocumented: blocks with some 13,200 characters in all are refused as `msg_blocks_too_long`. */
const MOST_CHARACTERS = 12_000;

interface Block {
  type: 'header' | 'section' | 'context';
  [field: string]: unknown;
}

/** The JSON of an alert for an incoming webhook of Slack, with as many entries as a message holds. */
export function renderSlackAlert(input: ChatInput): string {
  return fitChat(input, renderSlack, isSmall);
}

/** The JSON of a digest for an incoming webhook of Slack, with as many entries as a message holds. */
export function renderSlackDigest(input: DigestInput): string {
  return renderDigestChat(input, renderSlack, isSmall);
}

/** The JSON of any message: an alert, a digest, a test. */
export function renderSlack(view: ChatView): string {
  const blocks: Block[] = [
    { type: 'header', text: { type: 'plain_text', text: headline(view.title), emoji: false } },
    ...sections(view.intro.map(escapeMrkdwn)),
    ...view.sections.flatMap(({ heading, lines }) =>
      sections([
        `*${escapeMrkdwn(heading)}*`,
        ...lines.map(({ lead, text }) => {
          const parts = [lead === '' ? '' : `*${escapeMrkdwn(lead)}*`, escapeMrkdwn(text)];
          return `• ${parts.filter((part) => part !== '').join(' ')}`;
        }),
      ]),
    ),
    ...sections([view.links.map(({ text, url }) => link(text, url)).join('  ·  ')]),
    { type: 'context', elements: [mrkdwn(escapeMrkdwn(view.footer))] },
  ];
  return JSON.stringify({
    // What a notification shows; it is read as mrkdwn too.
    text: escapeMrkdwn(view.title),
    unfurl_links: false,
    unfurl_media: false,
    blocks,
  });
}

/** Whether Slack takes a message. */
function isSmall(json: string): boolean {
  const { blocks } = JSON.parse(json) as { blocks: Block[] };
  return blocks.length <= MOST_BLOCKS && JSON.stringify(blocks).length <= MOST_CHARACTERS;
}

/** Lines in as few sections as they fit into. */
function sections(lines: readonly string[]): Block[] {
  const texts: string[] = [];
  for (const line of lines.filter((one) => one !== '')) {
    const together = texts.length === 0 ? line : `${texts.at(-1)}\n${line}`;
    if (texts.length > 0 && together.length <= LONGEST_TEXT) texts[texts.length - 1] = together;
    else texts.push(cutEscaped(line));
  }
  return texts.map((text) => ({ type: 'section', text: mrkdwn(text) }));
}

/** A line that only its escapes can make this long; no escape and no character is cut in two. */
function cutEscaped(line: string): string {
  if (line.length <= LONGEST_TEXT) return line;
  return `${line.slice(0, LONGEST_TEXT - 1).replace(/(?:&[a-z]*|[\uD800-\uDBFF])$/u, '')}…`;
}

/** `verbatim` keeps Slack from making links, channels and mentions of plain words. */
function mrkdwn(text: string): Record<string, unknown> {
  return { type: 'mrkdwn', text, verbatim: true };
}

/**
 * Escapes the three signs that Slack reads (`<!channel>`, `<@U1>`, `<url|text>`). Signs of style have no escape,
 * so their wide forms stand for them: a name must not lose a star, or turn its neighbours bold.
 */
export function escapeMrkdwn(text: string): string {
  return cleanLine(text)
    .replace(/&/gu, '&amp;')
    .replace(/</gu, '&lt;')
    .replace(/>/gu, '&gt;')
    .replace(/[*_~`]/gu, (sign) => String.fromCodePoint(sign.codePointAt(0)! + WIDE))
    .replace(/:(?=[\w+'-]+:)/gu, '：');
}

/** From ASCII to the block of its full-width forms. */
const WIDE = 0xfee0;

function link(text: string, address: string): string {
  const url = new URL(address).href.replace(/[|<>]/gu, encodeURIComponent).replace(/&/gu, '&amp;');
  return `<${url}|${escapeMrkdwn(text)}>`;
}

/** Plain text has no escapes, so what could begin a mention is replaced by its look-alike. */
function headline(text: string): string {
  const line = cleanLine(text).replaceAll('<', '‹').replaceAll('>', '›');
  if (line.length <= LONGEST_HEADER) return line;
  return `${line.slice(0, LONGEST_HEADER - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}
