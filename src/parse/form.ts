import type { Alteration, HeadingChange, ListName } from '../model.ts';
import { attempt, type Cursor, clauseEnds, eat, eatPlace, eatQuote } from './cursor.ts';
import { type Destination, findDestination } from './destinations.ts';
import { NUMBER_PATTERN } from './numbers.ts';
import { type Order, type PartField, type Subject, WHOLE_LIST } from './order.ts';
import { eatTargets } from './target-list.ts';

/** What is in force where a form begins. */
export interface FormContext {
  list: ListName;
  destination: Destination | null;
  /** Entries that a lead-in named. */
  subjects: Subject[] | null;
  field: PartField | null;
  label: string;
}

/** Why a clause is held, or what is noted of it. */
export interface FormIssue {
  code: string;
  holds: boolean;
  message: string;
}

/** What a form makes of the clause that it fits. */
export interface FormResult {
  orders: Order[];
  headings: HeadingChange[];
  issues: FormIssue[];
  /** Entries that the clauses behind this one speak of. */
  subjects?: Subject[];
  field?: PartField | null;
  /** Destination and verb in force behind it. */
  destination?: Destination | null;
  action?: 'add' | 'remove';
}

/** A form of clause: takes what it understands, or returns null and is undone. */
export type Form = (cursor: Cursor, context: FormContext) => FormResult | null;

export function result(part: Partial<FormResult>): FormResult {
  return { orders: [], headings: [], issues: [], ...part };
}

export function holding(code: string, message: string): FormResult {
  return result({ issues: [{ code, holds: true, message }] });
}

/** The fields by the words that name them. */
const FIELDS: [RegExp, PartField][] = [
  [/^(?:names?|spelling)/iu, 'name'],
  [/^(?:alias|a\.?k\.?a)/iu, 'aliases'],
  [/^address/iu, 'addresses'],
  [/^licen[sc]e requirement/iu, 'licenseRequirement'],
  [/^(?:licen[sc]e )?review polic|^licen[sc]e polic/iu, 'licenseReviewPolicy'],
];

export function fieldOf(words: string): PartField | null {
  return FIELDS.find(([pattern]) => pattern.test(words.trim()))?.[1] ?? null;
}

export const PART =
  '(?:alias(?:es)?(?: names?)?|a\\.?k\\.?a\\.?(?:s|es)?|address(?:es)?|names?|licen[sc]e requirements?|licen[sc]e review polic(?:y|ies)|licen[sc]e polic(?:y|ies)|(?:federal register )?citations?|spelling)';

/** "the two existing". */
export const QUALIFIED = `(?:(?:the|an?|its|their|following|additional|new|existing|${NUMBER_PATTERN}|numbered|incorrect|correct|duplicate) ){0,5}`;

/** Quotations in a row, and whether they could be told apart. */
export function eatQuotes(cursor: Cursor): string[] {
  const found: string[] = [];
  let last = '';
  for (;;) {
    const { at } = cursor;
    const separated = found.length === 0 || eat(cursor, /^ ?(?:[,;] and|[,;]|and) ?(?=⟦q)/iu) !== null;
    const quote = separated || /[,;]\s*$/u.test(last.slice(-10)) ? eatQuote(cursor) : null;
    if (!quote) {
      cursor.at = at;
      return found;
    }
    found.push(quote.name);
    last = quote.raw;
  }
}

/** The entries that a clause speaks of: its own, or those of the lead-in. */
export function targetsOf(cursor: Cursor, context: FormContext, preposition: RegExp): Subject[] | null {
  const own = attempt(cursor, () => (eat(cursor, preposition) ? eatTargets(cursor) : null));
  return own ?? context.subjects;
}

/** One order for each group of entries; without a destination it is held. */
export function ordersFor(
  targets: readonly Subject[],
  context: FormContext,
  make: (subject: Subject) => Pick<Order, 'action'> & Partial<Order>,
): FormResult {
  const orders: Order[] = [];
  const issues: FormIssue[] = [];
  for (const subject of targets) {
    const destination = subject.destination ?? context.destination;
    if (destination === null) {
      issues.push({
        code: 'destination-missing',
        holds: true,
        message: `entries are named without a destination: ${subject.names.join('; ').slice(0, 200)}`,
      });
      continue;
    }
    orders.push({
      list: context.list,
      destination,
      names: subject.names,
      quoted: subject.quoted,
      count: null,
      instruction: context.label,
      ...make(subject),
    });
  }
  return result({ orders, issues });
}

/** The same alteration of each named entry. */
export function alterEach(targets: readonly Subject[], context: FormContext, alter: Alteration): FormResult {
  return ordersFor(targets, context, () => ({ action: 'alter', alter }));
}

/** An alteration of every entry that it fits, under one destination or on the whole list. */
export function replaceAll(
  context: FormContext,
  destination: Destination | null,
  alter: Alteration,
): FormResult {
  return result({
    orders: [
      {
        list: context.list,
        action: 'replace',
        destination: destination ?? WHOLE_LIST,
        names: [],
        count: null,
        instruction: context.label,
        alter,
      },
    ],
  });
}

/** The heading that a text names, as printed: the list may call the place otherwise than we do. */
export function headingOf(raw: string, destination: Destination | null): Destination | null {
  const found = destination ?? findDestination(raw);
  return found ? { heading: raw.trim().toUpperCase(), country: found.country } : null;
}

/** A destination, quoted or not; one that no gazetteer knows has no country. */
export function eatHeading(cursor: Cursor): { raw: string; destination: Destination | null } | null {
  const place = eatPlace(cursor);
  if (place) return place;
  const quote = eatQuote(cursor);
  return quote ? { raw: quote.name, destination: findDestination(quote.name) } : null;
}

/** The result where the clause ends here; null where words follow that the form does not know. */
export function ending(cursor: Cursor, found: FormResult): FormResult | null {
  return clauseEnds(cursor) ? found : null;
}
