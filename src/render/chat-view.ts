import type { ChangeSet, StoredChange, ToldHit } from '../model.ts';
import { type AlertView, type ListView, viewAlert } from './alert-view.ts';
import { clipView } from './clip-view.ts';
import type { ClipLevel, Clipper } from './clipper.ts';
import { createClipper } from './clipper.ts';
import { pageOf } from './feed-model.ts';
import { fitMost } from './fit-most.ts';
import { describeHits } from './hit-words.ts';
import { countOf } from './words.ts';

/** One line of a chat message: what it is about, in bold where a chat can, and what is said of it. */
export interface ChatLine {
  lead: string;
  text: string;
}

/** What a chat message says, before Slack or Teams gives it a form. Texts are not escaped yet. */
export interface ChatView {
  title: string;
  intro: string[];
  sections: { heading: string; lines: ChatLine[] }[];
  links: { text: string; url: string }[];
  footer: string;
}

export interface ChatInput {
  changeSet: ChangeSet;
  /** The changes that meet the filter. */
  changes: readonly StoredChange[];
  /** How many there are before filtering. */
  allChangesCount: number;
  /** What was told of the same document before, the nearest first. */
  earlier: readonly ChangeSet[];
  /** Counterparties of the subscriber that a change hits, the best first. */
  hits?: readonly ToldHit[];
  /** Public address of this installation. */
  baseUrl: string;
  /** BCP 47 tag of the language in which days are written. */
  dateLanguage?: string;
  /** Signed link by which a reader says that it was read; null for none. */
  acknowledgeUrl?: string | null;
}

export const CHAT_FOOTER =
  'Entity List Watch reads the Federal Register. It is an unofficial source and no legal advice.';

/** From generous to narrow, for messages whose texts alone would be too long. */
const CHAT_LEVELS: readonly ClipLevel[] = [
  { text: 400, items: 20 },
  { text: 160, items: 8 },
  { text: 60, items: 3 },
];

/** Entries that a message should name before its texts are cut any shorter. */
const WANTED_ITEMS = 8;
const LONGEST_LINK = 500;

/**
 * The message with as many entries as its chat takes.
 *
 * @param render gives a view the form of the chat
 * @param fits whether the chat takes it
 */
export function fitChat(
  input: ChatInput,
  render: (view: ChatView) => string,
  fits: (message: string) => boolean,
): string {
  const { changeSet, changes } = input;
  const count = Math.max(changes.length, changeSet.filing?.reading?.named.length ?? 0);
  let best: { message: string; limit: number } | null = null;
  for (const level of CHAT_LEVELS) {
    best = fitMost(
      count,
      (limit) => ({ message: render(viewChat(input, level, limit)), limit }),
      ({ message }) => fits(message),
    );
    if (best !== null && best.limit >= Math.min(count, WANTED_ITEMS)) break;
  }
  return best!.message;
}

/** What a test send says in a chat. */
export function viewChatTest(baseUrl: string, acknowledgeUrl: string | null = null): ChatView {
  return {
    title: 'This is a test: no list has changed',
    intro: ['Alerts about the US export-control lists will come to this place.'],
    sections: [],
    links: [...acknowledgeLinks(acknowledgeUrl), { text: 'Entity List Watch', url: baseUrl }],
    footer: CHAT_FOOTER,
  };
}

/** What is said in a chat on a quiet day. */
export function viewChatQuiet(
  { subject, text }: { subject: string; text: string },
  baseUrl: string,
  acknowledgeUrl: string | null = null,
): ChatView {
  return {
    title: subject,
    intro: [text],
    sections: [],
    links: [...acknowledgeLinks(acknowledgeUrl), { text: 'Entity List Watch', url: baseUrl }],
    footer: CHAT_FOOTER,
  };
}

/**
 * The alert about one change set in the words of the mail, in short: what happened to whom, with every field on
 * the page. At most `limit` entries are named, and the rest is counted.
 */
function viewChat(input: ChatInput, level: ClipLevel, limit: number): ChatView {
  const { changeSet, changes, allChangesCount } = input;
  const clip = createClipper(level);
  const view = clipView(
    viewAlert(changeSet, changes, {
      limit,
      earlier: input.earlier,
      dateLanguage: input.dateLanguage ?? 'en',
    }),
  );
  const page = pageOf(input.baseUrl.replace(/\/+$/u, ''), changeSet.changeSetId);
  return {
    title: view.subject,
    intro: [
      view.note,
      view.lead,
      view.dates.effective,
      view.dates.known,
      view.notice === null ? `Checked: ${view.verification}` : '',
      changes.length < allChangesCount
        ? `Your filter matches ${changes.length} of the ${allChangesCount} changes in this document.`
        : '',
    ].flatMap((line) => (line === '' ? [] : [clip.text(line)])),
    sections: [
      plainSection('Your counterparties', describeHits(input.hits ?? []), clip),
      plainSection('What is different now', view.differences, clip),
      ...(view.notice === 'held'
        ? [
            plainSection('What the document states', view.stated, clip),
            plainSection('Why it is not confirmed', view.heldReasons, clip),
          ]
        : []),
      ...filingSections(view, clip, limit),
      ...view.lists.flatMap((list) => listSections(list, clip)),
      plainSection(
        'Not shown',
        view.hidden === 0
          ? []
          : [`${countOf(view.hidden, 'more change is', 'more changes are')} on the page.`],
        clip,
      ),
    ].filter(({ lines }) => lines.length > 0),
    links: [
      { text: 'Every field, old and new', url: page },
      ...documentLinks(view, clip),
      ...acknowledgeLinks(input.acknowledgeUrl ?? null),
    ],
    footer: CHAT_FOOTER,
  };
}

/** The link by which a reader says that a message was read. */
export function acknowledgeLinks(url: string | null): ChatView['links'] {
  return url === null ? [] : [{ text: 'Acknowledge', url }];
}

function documentLinks({ document }: AlertView, clip: Clipper): ChatView['links'] {
  if (document === null || document.url === null || !URL.canParse(document.url)) return [];
  const url = new URL(document.url).href;
  return url.length > LONGEST_LINK
    ? []
    : [{ text: `Federal Register document ${clip.text(document.number)}`, url }];
}

function plainSection(
  heading: string,
  texts: readonly string[],
  clip: Clipper,
): ChatView['sections'][number] {
  const shown = clip.texts(texts).map((text) => ({ lead: '', text }));
  const rest = texts.length - shown.length;
  return { heading, lines: rest > 0 ? [...shown, { lead: '', text: `and ${rest} more` }] : shown };
}

function filingSections({ notice, stated, filing }: AlertView, clip: Clipper, limit: number) {
  if (filing === null) return [];
  let left = limit;
  const named = filing.named.map(({ title, names }) => {
    const shown = names.slice(0, left);
    left -= shown.length;
    const lines = shown.map((name) => ({ lead: clip.text(name), text: '' }));
    const rest = names.length - shown.length;
    // A group without names only counts those that are left out.
    const more = names.length === 0 ? 'on the page' : rest > 0 ? `and ${rest} more on the page` : '';
    if (more !== '') lines.push({ lead: '', text: more });
    return { heading: `${clip.text(title)} (provisional)`, lines };
  });
  return [
    plainSection('What the filing states', notice === 'provisional' ? stated : [], clip),
    plainSection('The filing', filing.facts, clip),
    ...clip.items(named),
  ];
}

function listSections(list: ListView, clip: Clipper): ChatView['sections'] {
  const { title, removed, revised, added, editorial } = list;
  const entry = (name: string, place: string, text: string): ChatLine => ({
    lead: clip.text(name),
    text: clip.text([place === '' ? '' : `(${place})`, text].filter((part) => part !== '').join(' ')),
  });
  return [
    {
      heading: `Removed from the ${title}: ${removed.total}`,
      lines: removed.items.map((one) => entry(one.name, one.place, alsoKnownAs(one.aliases))),
    },
    {
      heading: `Revised on the ${title}: ${revised.total}`,
      lines: revised.items.map((one) => entry(one.name, one.place, one.summary)),
    },
    ...added.items.map((group) => ({
      heading: `Added to the ${title} under ${clip.text(group.name)}: ${group.total}`,
      lines: group.blocks
        .flatMap(({ entries }) => entries)
        .map((one) => entry(one.name, '', alsoKnownAs(one.aliases))),
    })),
    {
      heading: `Editorial fixes on the ${title}: ${editorial.total}`,
      lines: editorial.items.map((one) => entry(one.name, one.place, one.summary)),
    },
  ];
}

function alsoKnownAs(aliases: readonly string[]): string {
  return aliases.length === 0 ? '' : `also known as ${aliases.join('; ')}`;
}
