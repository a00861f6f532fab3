/** How a rule is printed: everything that is free where its meaning is the same (sources, §3 and §4.5). */
export interface Style {
  /** The pretty-printed layout of 2024 puts every element on a line of its own. */
  layout: '2016' | '2024';
  /** Which stands above the other in the enumeration; `flat` has one level, `sentence` none at all. */
  order: 'country-then-verb' | 'verb-then-country' | 'flat' | 'sentence';
  labels: 'letters' | 'brackets';
  verbs: 'gerund' | 'imperative';
  quotes: 'curly' | 'straight';
  /** “A,” “B,” and “C” in place of “A”, “B”, and “C”. */
  commaInside: boolean;
  /** "in alphabetical order". */
  alphabetical: boolean;
  /** A heading alone in its row (with stars beside or below it), or in the row of the first entry. */
  headings: 'beside-stars' | 'above-stars' | 'with-entry';
  /** Aliases in lines of their own, in one line with name and addresses, or in brackets behind the name. */
  cells: 'lines' | 'one-line' | 'brackets';
  starRows: boolean;
  pageBreaks: boolean;
  wrapper: 'regtext' | 'bare';
  /** Counts of the abstract in figures or in words. */
  counts: 'figures' | 'words';
  /** Form of the citation that a new row shows before its page is known. */
  placeholder: 'page' | 'page-and-day' | 'whole';
  /** Days of single instructions: in DATES or in front of the instruction. */
  days: 'dates' | 'prefix';
  /** How a thing is worded where rules have several ways, by number. */
  wording: number;
}

export const PLAIN: Style = {
  layout: '2016',
  order: 'flat',
  labels: 'letters',
  verbs: 'gerund',
  quotes: 'curly',
  commaInside: false,
  alphabetical: true,
  headings: 'beside-stars',
  cells: 'lines',
  starRows: false,
  pageBreaks: false,
  wrapper: 'regtext',
  counts: 'figures',
  placeholder: 'page',
  days: 'dates',
  wording: 0,
};
