import type { Alteration, HeadingChange, ListName } from '../../../src/model.ts';
import type { Draft } from '../write-rule.ts';
import type { Style } from './style.ts';
import { inWords, longDay, PLACES, SUPPLEMENT_OF, series } from './words.ts';

/** The drafts that one numbered instruction orders: those of one list with the same days. */
export interface Instruction {
  number: number;
  list: ListName;
  drafts: Draft[];
  headings: Omit<HeadingChange, 'locator'>[];
  effectiveOn: string | null;
  endsOn: string | null;
}

/** What stands behind "under HEADING,": "in the entry for “X”" and "removing “a” and adding “b” in its place". */
interface Clause {
  /** Code of the destination; null for one that is about the whole list. */
  country: string | null;
  verb: string;
  lead: string;
  body: string;
  /** The object of a plain verb without the verb: "an entry for “X”". */
  object: string | null;
}

const GERUNDS: Record<string, string> = {
  add: 'adding',
  revise: 'revising',
  remove: 'removing',
  transfer: 'transferring',
  redesignate: 'redesignating',
  move: 'moving',
};

function createWriter(style: Style) {
  const verb = (word: string) => (style.verbs === 'gerund' ? GERUNDS[word]! : word);
  const quote = (text: string, inside = '') =>
    style.quotes === 'curly' ? `“${text}${inside}”` : `"${text}${inside}"`;
  /** “A,” “B,” and “C”. */
  const quoteAll = (names: readonly string[]) => {
    if (names.length === 1) return quote(names[0]!);
    if (!style.commaInside || names.length === 2) return series(names.map((name) => quote(name)));
    return `${names
      .slice(0, -1)
      .map((name) => quote(name, ','))
      .join(' ')} and ${quote(names.at(-1)!)}`;
  };
  const entriesFor = (names: readonly string[], article = 'an') =>
    names.length === 1
      ? `${article} entry for ${quoteAll(names)}`
      : `${article === 'the' ? 'the ' : ''}entries for ${quoteAll(names)}`;
  const exchange = (find: string, by: string, inside = '') =>
    [
      `${verb('remove')} ${quote(find)} and ${verb('add')} ${quote(by)} in its place${inside}`,
      `${verb('remove')} the phrase ${quote(find)} and ${verb('add')} in its place the phrase ${quote(by)}${inside}`,
    ][style.wording % 2]!;
  return { verb, quote, quoteAll, entriesFor, exchange };
}

const FIELD_WORDS: Record<string, string> = {
  name: 'name',
  aliases: 'aliases',
  addresses: 'address',
  licenseRequirement: 'license requirement',
  licenseReviewPolicy: 'license review policy',
};

/** The clauses by which one alteration of some entries is ordered. */
function alterClauses(style: Style, country: string | null, names: string[], alter: Alteration): Clause[] {
  const { verb, quote, quoteAll, entriesFor, exchange } = createWriter(style);
  const all = names.length === 0;
  const lead = all ? '' : `in ${entriesFor(names, 'the')}`;
  const clauses: Clause[] = [];
  const push = (key: string, body: string, at = '') =>
    clauses.push({ country, verb: key, lead: at, body, object: null });
  const items = (
    edit: { add: string[]; remove: string[] } | undefined,
    one: string,
    many: string,
    article: string,
  ) => {
    for (const word of ['remove', 'add'] as const) {
      const list = edit?.[word] ?? [];
      if (list.length === 0) continue;
      const what =
        list.length === 1
          ? `${word === 'add' ? article : 'the'} ${one} ${quoteAll(list)}`
          : `${inWords(list.length)} ${many}, ${quoteAll(list)},`;
      const to = word === 'add' ? 'to' : 'from';
      push(word, `${verb(word)} ${what} ${to} ${entriesFor(names, 'the')}`);
    }
  };

  if (alter.name !== undefined) {
    if (style.wording % 3 === 2)
      push(
        'revise',
        `${verb('revise')} the name of ${entriesFor(names, 'the')} to read ${quote(alter.name)}`,
      );
    else push('revise', exchange(names[0]!, alter.name), lead);
  }
  if (alter.place) {
    const to = alter.place.destination;
    const from = country === null ? '' : PLACES[country]!.heading;
    if (all) push('redesignate', `${verb('redesignate')} the heading ${from} as ${to}`);
    else if (style.wording % 2 === 0)
      push('transfer', `${verb('transfer')} ${entriesFor(names, 'the')} from ${from} to ${to}`);
    else
      push(
        'redesignate',
        `${verb('redesignate')} ${entriesFor(names, 'the')} under ${from} as ${
          names.length === 1 ? 'an entry' : 'entries'
        } under ${to}`,
      );
    clauses.at(-1)!.country = null;
  }
  items(alter.aliases, 'alias', 'aliases', 'the');
  items(alter.addresses, 'address', 'addresses', 'the');
  for (const word of ['remove', 'add'] as const)
    for (const number of alter.footnotes?.[word] ?? [])
      push(
        word,
        `${verb(word)} ${word === 'add' ? 'a' : 'the'} footnote ${number} designation ${
          word === 'add' ? 'to' : 'from'
        } ${entriesFor(names, 'the')}`,
      );
  for (const { from, to } of alter.renumber ?? [])
    push('redesignate', `${verb('redesignate')} footnote ${from} as footnote ${to}`);
  for (const field of ['licenseRequirement', 'licenseReviewPolicy'] as const)
    if (alter[field] !== undefined)
      push(
        'revise',
        `${verb('revise')} the ${FIELD_WORDS[field]} for ${quoteAll(names)} to read ${quote(alter[field])}`,
      );
  for (const { find, by, field } of alter.words ?? []) {
    const where = field === null ? '' : `${all ? 'in' : ', in'} the ${FIELD_WORDS[field]}`;
    if (all) push('replace', exchange(find, by, ' wherever it appears'), where);
    else push('replace', exchange(find, by), `${lead}${where}`);
  }
  return clauses;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups.values()];
}

/** All clauses of an instruction, those of one destination together. */
function clausesOf(style: Style, { drafts, headings }: Instruction): Clause[] {
  const { verb, quote, entriesFor } = createWriter(style);
  const clauses: Clause[] = [];
  const order = style.alphabetical ? ', in alphabetical order,' : '';
  const fresh = headings.filter((heading) => heading.action === 'add');

  for (const group of groupBy(drafts, (draft) => draft.country ?? '')) {
    const country = group[0]!.country ?? null;
    const named = (action: string) =>
      group.filter((draft) => draft.action === action && !draft.target).map((draft) => draft.name);
    const added = named('add');
    const heading = fresh.find((change) => change.country === country);
    if (added.length > 0 && heading)
      clauses.push({
        country: null,
        verb: 'add',
        lead: '',
        body: `${verb('add')} in alphabetical order the destination of ${heading.destination} under the Country column and ${entriesFor(added)}`,
        object: null,
      });
    else if (added.length > 0)
      clauses.push({
        country,
        verb: 'add',
        lead: '',
        body: `${verb('add')}${order} ${entriesFor(added)}`,
        object: entriesFor(added),
      });
    const revised = named('revise');
    if (revised.length > 0)
      clauses.push({
        country,
        verb: 'revise',
        lead: '',
        body: `${verb('revise')} ${entriesFor(revised, 'the')}`,
        object: entriesFor(revised, 'the'),
      });
    for (const { name, target } of group.filter((draft) => draft.action === 'revise' && draft.target))
      clauses.push({
        country,
        verb: 'revise',
        lead: '',
        body: `${verb('remove')} the entry for ${quote(target!.name)} and ${verb('add')} an entry for ${quote(name)} in its place`,
        object: null,
      });
    const removed = named('remove');
    if (removed.length > 0)
      clauses.push({
        country,
        verb: 'remove',
        lead: '',
        body: `${verb('remove')} ${entriesFor(removed, 'the')}`,
        object: entriesFor(removed, 'the'),
      });
    const altered = group.filter((draft) => draft.alter);
    for (const same of groupBy(altered, (draft) => JSON.stringify([draft.action, draft.alter])))
      clauses.push(
        ...alterClauses(
          style,
          country,
          same.map((draft) => draft.name).filter((name) => name !== ''),
          same[0]!.alter!,
        ),
      );
  }
  for (const change of headings) {
    const alone = !drafts.some((draft) => draft.action === 'add' && draft.country === change.country);
    if (change.action === 'add' && !alone) continue;
    clauses.push({
      country: null,
      verb: change.action,
      lead: '',
      body:
        change.action === 'add'
          ? `${verb('add')} in alphabetical order the heading ${change.destination}`
          : `${verb('remove')} the heading ${change.destination}`,
      object: null,
    });
  }
  return clauses;
}

const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);

/** "under X, in the entry for “Y”, by removing …". */
function sentenceOf(style: Style, clause: Clause, withPlace: boolean): string {
  const by = style.verbs === 'gerund' ? 'by ' : '';
  return [
    withPlace && clause.country !== null ? `under ${PLACES[clause.country]!.heading}` : '',
    clause.lead,
    by + clause.body,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function labelsOf(style: Style): ((at: number) => string)[] {
  const letter = (at: number) => {
    const own = String.fromCharCode(97 + (at % 26));
    return own.repeat(1 + Math.floor(at / 26));
  };
  const roman = (at: number) => {
    const ones = ['', 'i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix'];
    return 'x'.repeat(Math.floor((at + 1) / 10)) + ones[(at + 1) % 10]!;
  };
  return style.labels === 'letters'
    ? [(at) => `${letter(at)}.`, (at) => `${roman(at)}.`]
    : [(at) => `(${letter(at)})`, (at) => `(${at + 1})`];
}

/** Numbers a level: "a. …;" "b. …; and" "c. …". */
function enumerate(style: Style, level: 0 | 1, texts: readonly string[], end: string): string[] {
  const label = labelsOf(style)[level]!;
  return texts.map((text, at) => {
    const last = at === texts.length - 1;
    const mark = /:$/u.test(text) ? '' : last ? end : at === texts.length - 2 ? '; and' : ';';
    return `${label(at)} ${capital(text)}${mark}`;
  });
}

const VERB_HEADS: Record<string, string> = { add: 'add', revise: 'revise', remove: 'remove' };

/** The paragraphs (`AMDPAR`) of one numbered instruction, as plain text. */
export function writeInstruction(style: Style, instruction: Instruction): string[] {
  const { number, list, effectiveOn, endsOn } = instruction;
  const clauses = clausesOf(style, instruction);
  const supplement = `${['Supplement No.', 'supplement no.'][style.wording % 2]} ${SUPPLEMENT_OF[list]} to part 744`;
  const dated = style.days === 'prefix' && effectiveOn !== null;
  const prefix = !dated
    ? ''
    : endsOn === null
      ? `Effective ${longDay(effectiveOn)}, `
      : `Effective from ${longDay(effectiveOn)}, through ${longDay(endsOn)}, `;
  const imperative = style.verbs === 'imperative';
  const intro = (end: string) =>
    prefix +
    (prefix ? (s: string) => s : capital)(
      imperative ? `in ${supplement}${end}` : `${supplement} is amended${end}`,
    );
  const full = (clause: Clause) => sentenceOf(style, clause, true);

  if (style.order === 'sentence' || clauses.length === 1) {
    const body = clauses.map(full);
    const joint = imperative ? ', ' : /^(?:by|under) /u.test(body[0]!) ? ' ' : ', ';
    return [`${number}. ${intro(joint)}${body.join('; and ')}.`];
  }
  if (style.order === 'flat')
    return [`${number}. ${intro(':')}`, ...enumerate(style, 0, clauses.map(full), '.')];

  const key =
    style.order === 'country-then-verb'
      ? (clause: Clause) => clause.country ?? `whole ${clause.body}`
      : (clause: Clause) => (clause.object === null ? `whole ${clause.body}${clause.country}` : clause.verb);
  const groups = groupBy(clauses, key);
  const order = style.alphabetical ? ', in alphabetical order' : '';
  const { verb } = createWriter(style);
  const by = imperative ? '' : 'by ';
  const heads = groups.map((group) => {
    const [first] = group;
    if (style.order === 'country-then-verb')
      return first!.country === null || (group.length === 1 && style.wording % 2 === 1)
        ? full(first!)
        : `under ${PLACES[first!.country]!.heading}:`;
    if (first!.object === null || group.length === 1) return full(first!);
    return `${by}${verb(VERB_HEADS[first!.verb]!)}${first!.verb === 'add' ? order : ''}:`;
  });
  const paragraphs: string[] = [`${number}. ${intro(':')}`];
  for (const [at, paragraph] of enumerate(style, 0, heads, '.').entries()) {
    paragraphs.push(paragraph);
    if (!paragraph.endsWith(':')) continue;
    const inner = groups[at]!.map((clause) =>
      style.order === 'country-then-verb'
        ? sentenceOf(style, clause, false)
        : `under ${PLACES[clause.country!]!.heading}, ${clause.object}`,
    );
    paragraphs.push(...enumerate(style, 1, inner, at === groups.length - 1 ? '.' : ';'));
  }
  return paragraphs;
}
