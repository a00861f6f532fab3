import { type ChatInput, type ChatLine, type ChatView, fitChat } from './chat-view.ts';
import { cleanLine } from './clean.ts';
import { renderDigestChat } from './digest-chat.ts';
import type { DigestInput } from './digest-view.ts';

/** Teams takes 28 kB (28,672 bytes); the rest is for what a workflow puts around the card. */
const MOST_BYTES = 26_000;

/** One piece of text that is shown as it stands. */
interface TextRun {
  type: 'TextRun';
  text: string;
  weight?: 'Bolder';
}

type Element =
  | { type: 'RichTextBlock'; inlines: TextRun[]; spacing?: 'Small' | 'Medium' }
  | { type: 'TextBlock'; text: string; wrap: true; size?: 'Small'; isSubtle?: boolean };

/** The JSON of an alert for a workflow of Teams, with as many entries as a message holds. */
export function renderTeamsAlert(input: ChatInput): string {
  return fitChat(input, renderTeams, (json) => teamsBytes(json) <= MOST_BYTES);
}

/** The JSON of a digest for a workflow of Teams, with as many entries as a message holds. */
export function renderTeamsDigest(input: DigestInput): string {
  return renderDigestChat(input, renderTeams, (json) => teamsBytes(json) <= MOST_BYTES);
}

/**
 * The JSON of any message: an Adaptive Card 1.5 in the envelope that the trigger "When a Teams webhook request is
 * received" wants. Texts stand in `TextRun`s, which know no Markdown: its escapes are shown as they are by some
 * clients of Teams and obeyed by others.
 */
export function renderTeams(view: ChatView): string {
  const body: Element[] = [
    rich([{ lead: view.title, text: '' }]),
    ...view.intro.map((text) => rich([{ lead: '', text }])),
    ...view.sections.flatMap(({ heading, lines }) => [
      { ...rich([{ lead: heading, text: '' }]), spacing: 'Medium' as const },
      ...lines.map((line) => ({ ...rich([line], '• '), spacing: 'Small' as const })),
    ]),
    { type: 'TextBlock', text: view.footer, wrap: true, size: 'Small', isSubtle: true },
  ];
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.5',
    msteams: { width: 'Full' },
    // What a notification shows where no card is.
    fallbackText: cleanLine(view.title),
    body,
    actions: view.links.map(({ text, url }) => ({
      type: 'Action.OpenUrl',
      title: cleanLine(text),
      url: new URL(url).href,
    })),
  };
  return JSON.stringify({
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  });
}

function rich(lines: readonly ChatLine[], head = ''): Extract<Element, { type: 'RichTextBlock' }> {
  const inlines = lines.flatMap(({ lead, text }) => {
    const bold: TextRun[] = lead === '' ? [] : [{ type: 'TextRun', text: cleanLine(lead), weight: 'Bolder' }];
    const rest = cleanLine(text);
    const between = lead !== '' && rest !== '' ? ' ' : '';
    return rest === '' ? bold : [...bold, { type: 'TextRun' as const, text: between + rest }];
  });
  return {
    type: 'RichTextBlock',
    inlines: head === '' ? inlines : [{ type: 'TextRun', text: head }, ...inlines],
  };
}

/**
 * How large Teams finds a message. It measures the card as a JSON string within its own message, where each
 * quote takes two signs, and other signs than ASCII may take six: a card of 24,453 bytes was refused as 28,897
 * (MicrosoftDocs/msteams-docs issue 11274).
 */
export function teamsBytes(json: string): number {
  const quoted = JSON.stringify(json);
  let bytes = 0;
  for (let at = 0; at < quoted.length; at++) bytes += quoted.charCodeAt(at) < 0x7f ? 1 : 6;
  return bytes;
}
