import { acknowledgeLinks, CHAT_FOOTER, type ChatView } from './chat-view.ts';
import { type DigestInput, viewDigest } from './digest-view.ts';
import { fitMost } from './fit-most.ts';
import { countOf } from './words.ts';

/** Documents that a chat message names. */
const MOST_DOCUMENTS = 8;

/**
 * A digest in the form of a chat, with as many entries as it takes.
 *
 * @param render gives a view the form of the chat
 * @param fits whether the chat takes it
 */
export function renderDigestChat(
  input: DigestInput,
  render: (view: ChatView) => string,
  fits: (message: string) => boolean,
): string {
  const count = input.entries.reduce((sum, { changes }) => sum + changes.length, 0);
  return fitMost(count, (limit) => render(viewDigestChat(input, limit)), fits) ?? render(headOnly(input));
}

function viewDigestChat(input: DigestInput, limit: number): ChatView {
  const view = viewDigest(input, limit);
  const sections = view.lists.flatMap(({ title, destinations }) =>
    destinations
      .filter(({ lines }) => lines.length > 0)
      .map(({ name, total, lines }) => ({
        heading: `${title}, ${name}: ${total}`,
        lines: lines.map((line) => ({
          lead: line.name,
          text: [line.verb.toLowerCase(), line.detail, line.document]
            .filter((part) => part !== '')
            .join(', '),
        })),
      })),
  );
  const hidden = view.hidden + Math.max(0, view.documents.length - MOST_DOCUMENTS);
  const rest = hidden === 0 ? [] : [`${countOf(hidden, 'more is', 'more are')} on the pages.`];
  return { ...headOnly(input), sections, intro: [...headOnly(input).intro, ...rest] };
}

function headOnly(input: DigestInput): ChatView {
  const { subject, documents } = viewDigest(input, 0);
  const shown = documents.slice(0, MOST_DOCUMENTS);
  return {
    title: subject,
    intro: shown.map((one) => `${one.subject}. ${one.effective}`),
    sections: [],
    links: [
      // Teams shows the first six alone.
      ...acknowledgeLinks(input.acknowledgeUrl ?? null),
      ...shown.map(({ url }, at) => ({ text: `Document ${at + 1}`, url })),
      { text: 'Entity List Watch', url: input.baseUrl },
    ],
    footer: CHAT_FOOTER,
  };
}
