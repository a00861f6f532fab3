import type { Alteration, AmendmentAction, HeadingChange, Issue, ListName } from '../model.ts';
import type { Destination } from './destinations.ts';

/** Stands where no destination is meant, but all of them. */
export const WHOLE_LIST: Destination = { heading: '', country: '' };

/** What one clause of an instruction orders: a verb, under one destination, for named or counted entries. */
export interface Order {
  list: ListName;
  action: AmendmentAction;
  /** `WHOLE_LIST` for a `replace` that speaks of no destination. */
  destination: Destination;
  /** Names as quoted; empty where the clause only counts. */
  names: string[];
  /** The quotations behind `names`, with whatever they say beyond the name. */
  quoted?: string[];
  /** "two Afghan entities", "an entry": null where nothing is counted. */
  count: number | null;
  /** Paragraph, as "2.c.ii". */
  instruction: string;
  /** Of an `alter` or a `replace`. */
  alter?: Alteration;
  /** Of an `alter` that says "removing … and adding": where a row is printed, it is a removal and an addition. */
  removesAndAdds?: boolean;
  /** Of a `revise` that names a part of the entry and not its new text: a row must show it. */
  partial?: boolean;
  /** Of a `revise`: the clause speaks of the name, so that the row may print another. */
  renames?: boolean;
}

/** Entries that a lead-in names for the clauses behind or below it: "In the entry for “X”:". */
export interface Subject {
  names: string[];
  quoted: string[];
  destination: Destination | null;
}

/** A field of an entry, as a column or a noun names it. */
export type PartField = 'name' | 'aliases' | 'addresses' | 'licenseRequirement' | 'licenseReviewPolicy';

/** The part of a paragraph's meaning that the paragraphs below it inherit. */
export interface Scope {
  list: ListName | null;
  /** Lists between which the paragraphs below must choose: "Supplements no. 4 and no. 7 … are amended:". */
  choices?: ListName[];
  /** True once a paragraph named what it amends, be it a list or not. */
  targeted: boolean;
  /** True where what it amends is for certain no list: a section, the authority, a supplement of another part. */
  elsewhere?: boolean;
  action: AmendmentAction | null;
  destination: Destination | null;
  subjects?: Subject[];
  field?: PartField | null;
}

/** What the clauses of one paragraph come to. */
export interface ReadClauses {
  orders: Order[];
  headings: HeadingChange[];
  issues: Issue[];
}
