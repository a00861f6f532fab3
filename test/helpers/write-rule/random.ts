import fc from 'fast-check';
import { type Entry, LIST_NAMES, type PlacedEntry } from '../../../src/model.ts';
import { type Draft, draft, PLACES, type Style } from '../write-rule.ts';

export const style: fc.Arbitrary<Style> = fc.record({
  layout: fc.constantFrom('2016', '2024'),
  order: fc.constantFrom('country-then-verb', 'verb-then-country', 'flat', 'sentence'),
  labels: fc.constantFrom('letters', 'brackets'),
  verbs: fc.constantFrom('gerund', 'imperative'),
  quotes: fc.constantFrom('curly', 'straight'),
  commaInside: fc.boolean(),
  alphabetical: fc.boolean(),
  headings: fc.constantFrom('beside-stars', 'above-stars', 'with-entry'),
  cells: fc.constantFrom('lines', 'one-line', 'brackets'),
  starRows: fc.boolean(),
  pageBreaks: fc.boolean(),
  wrapper: fc.constantFrom('regtext', 'bare'),
  counts: fc.constantFrom('figures', 'words'),
  placeholder: fc.constantFrom('page', 'page-and-day', 'whole'),
  days: fc.constantFrom('dates', 'prefix'),
  wording: fc.nat(5),
});

const word = fc.constantFrom(
  'Amber',
  'Birch',
  'DJI',
  'Delta-9',
  'Elm & Sons',
  'Fjörd',
  'Gülen',
  'İnci Şahin',
  'al Noor',
  'Волна',
  'Со',
  '4Reed',
  "Mos'ta",
  'China Star',
  'Iran and Gulf',
  'Institute of Physics',
  'Affiliated Supply',
  'Under Sea Entry',
  'Adding Machines',
  'Address',
  'Sorocaba—SP',
  '3-K',
  'R<D>',
);
/** Two aliases that share a bracket are not told apart by "and" for certain. */
const plainWord = word.filter((text) => !/ and |^\d/u.test(text));
const form = fc.constantFrom(
  '',
  ' Co., Ltd.',
  ', OOO',
  ' (HK)',
  ' Ltd., (PAPL)',
  ', Limited (CSSC) 12th Research Institute',
  ', Fine Mechanics, and Physics',
  ' No. 9',
  ' SET-1',
  ' ‘Zaliv’',
  ' “Luba” Works',
  ', Inc. (USA)',
  ', Branch 5',
  ' Co.',
  ', a joint stock company',
  ' and Sons, LLC',
  '; Trading House',
  ' J. R.',
);
/** Hostile, but legal: the likes of all of them stand on the list (sources, §7.1). */
export const name = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 2 }), fc.nat(999), form)
  .map(([words, number, end]) => `${words.join(' ')} ${number}${end}`);
export const alias = fc
  .tuple(
    fc.array(plainWord, { minLength: 1, maxLength: 2 }),
    fc.nat(999),
    fc.constantFrom('', ' Co., Ltd.', ', OOO', ' (HK)', ' SET-1', ' ‘Zaliv’', ' Co.', ' No. 9'),
  )
  .map(([words, number, end]) => `${words.join(' ')} ${number}${end}`);
export const address = fc
  .tuple(
    fc.nat(99),
    fc.constantFrom('Amber', 'Birch & Reed', 'Gülen', 'Волна', 'Corner of Ahlone Road and Strand'),
    fc.constantFrom('Road', 'Street', 'Plaza', 'Ave.'),
    fc.constantFrom('Harbin, China', 'Qom, Iran', 'Seoul', 'Sorocaba—SP', 'Chengdu, 611731'),
  )
  .map(([number, street, kind, town]) => `No. ${number + 1} ${street} ${kind}, ${town}`);
export const country = fc.constantFrom(...Object.keys(PLACES));
const list = fc.constantFrom(...LIST_NAMES);
export const citation = fc.record({
  volume: fc.integer({ min: 62, max: 95 }),
  page: fc.integer({ min: 100, max: 99_999 }),
  on: fc.option(fc.constantFrom('1998-11-20', '2014-06-26', '2025-03-28')),
});

/** Rows of entries with distinct names, as additions or as revisions; and removals. */
export const plain: fc.Arbitrary<Draft[]> = fc.uniqueArray(
  fc
    .record({
      action: fc.constantFrom('add', 'revise', 'remove'),
      list,
      country,
      name,
      aliases: fc.uniqueArray(alias, { maxLength: 4 }),
      addresses: fc.uniqueArray(address, { minLength: 1, maxLength: 3 }),
      seeAlso: fc.uniqueArray(fc.constantFrom('Turkey', 'Iran'), { maxLength: 1 }),
      footnotes: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }),
      citations: fc.uniqueArray(citation, {
        maxLength: 3,
        selector: ({ volume, page }) => `${volume} ${page}`,
      }),
      licenseRequirement: fc.constantFrom(
        'For all items subject to the EAR. (See § 744.11 of the EAR)',
        'For all items subject to the EAR (See §§ 734.9(e)(2), 744.11, and 744.21 of the EAR)',
        'All items subject to the EAR, except items classified under ECCNs 1C350 & 1D390',
      ),
      licenseReviewPolicy: fc.constantFrom(
        'Presumption of denial',
        'Case-by-case basis',
        'See § 744.2(d) of the EAR',
      ),
    })
    .map(({ action, country: code, name: called, citations, ...fields }) => {
      if (action === 'remove') return draft('remove', code, called, { list: fields.list });
      const whole = {
        ...fields,
        footnotes: fields.footnotes.sort((a, b) => a - b),
        citations: action === 'revise' ? citations : [],
      };
      return draft(
        action,
        code,
        called,
        fields.list === 'entity-list'
          ? whole
          : { ...whole, licenseRequirement: '', licenseReviewPolicy: '', footnotes: [] },
      );
    }),
  { minLength: 1, maxLength: 12, selector: (one) => one.name.toLowerCase() },
);

/** An alteration that fits an entry, and whether its form is read from a rule under that name. */
function alterOf(entry: PlacedEntry, kind: AlterKind, fresh: string, to: string): Draft['alter'] {
  const place = { destination: PLACES[to]!.heading, country: to };
  const item = (items: readonly string[]) => ({
    add: items.length % 2 === 0 ? [fresh] : [],
    remove: items.length % 2 === 0 ? [] : [items[0]!],
  });
  switch (kind) {
    case 'name':
      return { name: fresh };
    case 'place':
      return to === entry.country ? { name: fresh } : { place };
    case 'aliases':
      return { aliases: item(entry.aliases) };
    case 'addresses':
      return { addresses: entry.addresses.length > 1 ? item(entry.addresses) : { add: [fresh], remove: [] } };
    case 'footnotes':
      return entry.footnotes.includes(4)
        ? { footnotes: { add: [], remove: [4] } }
        : { footnotes: { add: [4], remove: [] } };
    case 'licenseRequirement':
      return { licenseRequirement: 'For all items subject to the EAR, see § 734.9(e) of the EAR' };
    case 'licenseReviewPolicy':
      return { licenseReviewPolicy: 'Policy of denial' };
    case 'words':
      return { words: [{ find: entry.addresses[0]!, by: `Room ${fresh}`, field: 'addresses' }] };
  }
}

export type AlterKind =
  | 'name'
  | 'place'
  | 'aliases'
  | 'addresses'
  | 'footnotes'
  | 'licenseRequirement'
  | 'licenseReviewPolicy'
  | 'words';

export const ALTER_KINDS: readonly AlterKind[] = [
  'name',
  'place',
  'aliases',
  'addresses',
  'footnotes',
  'licenseRequirement',
  'licenseReviewPolicy',
  'words',
];

const fate = fc.constantFrom('stay', 'remove', 'revise', ...ALTER_KINDS);

/** A list, and amendments that fit it: whatever can happen to its entries, and some additions. */
export const listAndOrders: fc.Arbitrary<{ entries: Entry[]; drafts: Draft[] }> = fc
  .tuple(
    plain.map((drafts) => drafts.filter(({ action }) => action !== 'remove')),
    fc.array(fc.record({ fate, to: country, fresh: fc.nat(999) }), { minLength: 12, maxLength: 12 }),
    plain.map((drafts) => drafts.filter(({ action }) => action === 'add')),
  )
  .map(([rows, fates, additions]) => {
    const entries = rows.map((row, at): Entry => {
      const { action: _action, ...placed } = row;
      return {
        ...(placed as PlacedEntry),
        citations: [{ volume: 80, page: 100 + at, on: '2015-08-07' }],
        entryId: `entry-${at}`,
      };
    });
    const drafts = entries.flatMap((entry, at): Draft[] => {
      const { fate: own, to, fresh } = fates[at]!;
      const { entryId: _id, ...placed } = entry;
      const named = { list: entry.list };
      // Numbers beyond those of `name` keep what is new apart from what is there.
      const called = `Novum ${1000 + at * 1000 + fresh} Works`;
      if (own === 'stay') return [];
      if (own === 'remove') return [draft('remove', entry.country, entry.name, named)];
      if (own === 'revise')
        return [
          {
            ...placed,
            action: 'revise',
            addresses: [`No. 7 ${called}, Seoul`],
            citations: [{ volume: 96, page: 502, on: '2031-01-06' }],
          },
        ];
      const alter = alterOf(entry, own, called, to);
      return [draft('alter', entry.country, entry.name, { ...named, ...(alter ? { alter } : {}) })];
    });
    const taken = new Set(entries.map(({ name: own }) => own.toLowerCase()));
    const added = additions
      .filter((one) => !taken.has(one.name.toLowerCase()))
      .map((one) => ({ ...one, citations: [{ volume: 96, page: 502, on: '2031-01-06' }] }));
    return { entries, drafts: [...drafts, ...added] };
  });

const fresh = fc.nat(999).map((number) => `Novum ${number} Works`);
const twoPlaces = fc.uniqueArray(country, { minLength: 2, maxLength: 2 });

/** Alterations of named entries, of one kind. */
export function altering(kind: AlterKind): fc.Arbitrary<Draft[]> {
  return listAndOrders
    .chain(({ entries }) =>
      fc.tuple(
        fc.constant(entries.slice(0, 5)),
        fc.array(fc.tuple(fresh, country), { minLength: 5, maxLength: 5 }),
      ),
    )
    .map(([entries, news]) =>
      entries.flatMap((entry, at) => {
        const [called, to] = news[at]!;
        if (kind === 'place' && to === entry.country) return [];
        const alter = alterOf(entry, kind, `${called} ${at}`, to);
        return [draft('alter', entry.country, entry.name, { list: entry.list, ...(alter ? { alter } : {}) })];
      }),
    )
    .filter((drafts) => drafts.length > 0);
}

/** Revised rows that are printed under another name or destination than the list has. */
export const renaming: fc.Arbitrary<Draft[]> = fc
  .tuple(
    plain.map((drafts) => drafts.filter(({ action }) => action === 'revise')),
    fc.array(fresh, { minLength: 12, maxLength: 12 }),
  )
  .map(([drafts, names]) =>
    drafts.map((one, at) => ({
      ...one,
      target: { name: `${names[at]!} ${at}`, destination: one.destination, country: one.country },
    })),
  )
  .filter((drafts) => drafts.length > 0);

/** Words that give way to others in every entry, or under one destination. */
export const replacing: fc.Arbitrary<Draft[]> = fc
  .tuple(
    fc.option(country),
    fc.constantFrom('§ 746.5', 'Presumption of denial', 'Stadt Ulm'),
    fc.constantFrom('§ 746.8(a)(4)', 'Policy of denial'),
  )
  .map(([code, find, by]) => [draft('replace', code, '', { alter: { words: [{ find, by, field: null }] } })]);

/** A heading that gets another name, and footnotes that get other numbers. */
export const renumbering: fc.Arbitrary<Draft[]> = fc.oneof(
  fc
    .uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 2 })
    .map(([from, to]) => [draft('replace', null, '', { alter: { renumber: [{ from: from!, to: to! }] } })]),
  twoPlaces.map(([from, to]) => [
    draft('replace', from!, '', { alter: { place: { destination: PLACES[to!]!.heading, country: to! } } }),
  ]),
);

/** Amendments with days of their own. */
export const dated: fc.Arbitrary<Draft[]> = fc
  .tuple(
    plain,
    fc.array(fc.constantFrom(null, '2031-03-04', '2031-04-30'), { minLength: 12, maxLength: 12 }),
    fc.constantFrom(null, '2032-02-29', '2033-01-01'),
  )
  .map(([drafts, firsts, last]) =>
    drafts.map((one, at) => {
      const first = firsts[at] ?? null;
      if (first === null) return one;
      return { ...one, effectiveOn: first, ...(last === null ? {} : { endsOn: last }) };
    }),
  );
