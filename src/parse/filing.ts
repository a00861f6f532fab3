import { easternDay } from '../days.ts';
import {
  type FilingReading,
  type Issue,
  LIST_NAMES,
  type ListName,
  type NamedEntry,
  TYPES_NOT_LAW,
} from '../model.ts';
import { readEffectiveDay } from './dates.ts';
import { type FilingSections, readSections } from './filing-sections.ts';
import { createInstructionReader } from './instruction.ts';
import { readRawLines } from './raw-text.ts';
import { readStated } from './stated.ts';
import { seemsToSuspend } from './suspension.ts';
import { isAboutUflpa, withoutUflpaList } from './target.ts';

/** What the record of a filing tells that its text may not. */
export interface FilingHead {
  title: string;
  type: string;
  filedAt: string | null;
}

/** A text of more than this is not a manuscript. */
const MOST_CHARACTERS = 6_000_000;
const MOST_NAMES = 5_000;
const MOST_NAME_CHARACTERS = 500;

const LISTS_BY_NAME: [RegExp, ListName][] = [
  [/\bunverified list\b/iu, 'unverified-list'],
  [/\bmilitary[- ]end[- ]user(?: \(MEU\))? list\b/iu, 'military-end-user-list'],
  [/\bentity list\b/iu, 'entity-list'],
];
const SUPPLEMENT_OF: Record<string, ListName> = {
  '4': 'entity-list',
  '6': 'unverified-list',
  '7': 'military-end-user-list',
};

/** "[INSERT DATE OF PUBLICATION IN THE FEDERAL REGISTER]" (sources, §2.4). */
const ON_PUBLICATION = /\beffective[^.[]{0,60}\[\s*insert (?:the )?date of (?:its )?publication\b/iu;
/** "[INSERT DATE OF FILING FOR PUBLIC INSPECTION]" */
const ON_FILING =
  /\beffective[^.[]{0,60}\[\s*insert (?:the )?date of (?:filing|(?:public )?(?:display|inspection))\b/iu;
const PLACEHOLDER = /\[\s*insert\b/iu;

/** The lists that a text calls by their names. */
export function listsNamedIn(text: string): ListName[] {
  const own = withoutUflpaList(text);
  return LISTS_BY_NAME.filter(([pattern]) => pattern.test(own)).map(([, list]) => list);
}

/**
 * Reads the raw text of a filing on public inspection: which lists, what it states, the names that its
 * instructions quote, and when it takes effect (sources, §2.4). Pure. Everything in it is provisional.
 */
export function readFiling(given: string, head: FilingHead): FilingReading {
  const lines = readRawLines(given.slice(0, MOST_CHARACTERS));
  const sections = readSections(lines);
  const { summary, dates, instructions } = sections;
  const issues: Issue[] = [];
  const note = (code: string, message: string, excerpt: string | null = null) =>
    issues.push({ code, holds: false, message, excerpt: excerpt?.slice(0, 300) ?? null, locator: null });

  const readable = summary !== null || instructions.length > 0;
  if (!readable) note('filing-unreadable', 'the text has neither a SUMMARY nor an instruction');
  const stated = readStated(summary, head.title);
  const ordered = readOrders(instructions);
  for (const issue of ordered.issues) issues.push({ ...issue, holds: false });
  const lists = LIST_NAMES.filter((list) => stated[list] !== undefined || ordered.lists.has(list));
  const isDecoy = decoyReason(head, sections, lists.length > 0);
  // A title alone says which list a rule is about, where nothing in the text contradicts it.
  const shown = lists.length > 0 || isDecoy !== null ? lists : listsNamedIn(`${head.title} ${summary ?? ''}`);
  return {
    lists: isDecoy === null ? shown : [],
    stated,
    named: ordered.named,
    allNamed: ordered.allNamed,
    ...readEffect(dates, head, note),
    isDecoy,
    readable,
    issues: issues.slice(0, 50),
  };
}

/** Names as the instructions quote them; what cannot be read there is said and left out. */
function readOrders(instructions: FilingSections['instructions']): {
  lists: Set<ListName>;
  named: NamedEntry[];
  allNamed: boolean;
  issues: Issue[];
} {
  const reader = createInstructionReader();
  const lists = new Set<ListName>();
  for (const { text, part } of instructions) {
    const list = reader.read(text, part);
    if (list !== null) lists.add(list);
  }
  const named: NamedEntry[] = [];
  let allNamed = reader.orders.length > 0 && !reader.issues.some((issue) => issue.holds);
  for (const order of reader.orders) {
    const action = order.action === 'alter' ? 'revise' : order.action;
    if (action === 'replace' || order.names.length === 0) {
      allNamed = false;
      continue;
    }
    for (const name of order.names)
      if (named.length < MOST_NAMES)
        named.push({
          list: order.list,
          action,
          destination: order.destination.heading,
          country: order.destination.country,
          name: name.replace(/\s+/gu, ' ').trim().slice(0, MOST_NAME_CHARACTERS),
        });
  }
  return { lists, named, allNamed, issues: reader.issues };
}

/** Why a filing changes no list; null where it does, or where that cannot be told. */
function decoyReason(head: FilingHead, sections: FilingSections, changesList: boolean): string | null {
  const { summary, dates, instructions, amends } = sections;
  if (TYPES_NOT_LAW.includes(head.type)) return `a document of the type “${head.type}” changes no list`;
  if (isAboutUflpa(head.title, summary ?? '')) return 'it is about the UFLPA Entity List';
  if (changesList) return null;
  // It may put off a rule that changed a list: which one only the store can tell.
  if ([dates, summary, ...instructions.map(({ text }) => text)].some((text) => seemsToSuspend(text ?? '')))
    return null;
  // An instruction that was missed could still name a supplement.
  const missed = instructions.some(({ text }) =>
    Object.keys(SUPPLEMENT_OF).some((number) =>
      new RegExp(`\\bsupplement\\s+no\\.?\\s*${number}\\b`, 'iu').test(text),
    ),
  );
  if (instructions.length > 0 && !missed) return 'its instructions amend none of the lists';
  if (summary !== null && !amends && listsNamedIn(`${head.title} ${summary}`).length === 0)
    return 'it neither names a list nor amends one';
  return null;
}

function readEffect(
  dates: string | null,
  head: FilingHead,
  note: (code: string, message: string, excerpt?: string | null) => void,
): Pick<FilingReading, 'effectiveOn' | 'effectiveOnPublication'> {
  const text = dates ?? '';
  const printed = readEffectiveDay(text);
  if (printed !== null) return { effectiveOn: printed, effectiveOnPublication: false };
  if (ON_PUBLICATION.test(text)) return { effectiveOn: null, effectiveOnPublication: true };
  if (ON_FILING.test(text) && head.filedAt !== null)
    return { effectiveOn: easternDay(head.filedAt), effectiveOnPublication: false };
  if (PLACEHOLDER.test(text))
    note('filing-date-open', 'its DATES leave the effective day open until publication', text);
  else if (text !== '') note('filing-date-unread', 'its effective day could not be read', text);
  return { effectiveOn: null, effectiveOnPublication: false };
}
