/** Somebody or some place that is compared: an entry of a list, or a counterparty of a subscriber. */
export interface Subject {
  id: string;
  /** The name first, then aliases. Empty, or only "Address 01", where an address alone is listed. */
  names: readonly string[];
  addresses: readonly string[];
  /** ISO 3166 code as in `model.ts`; null where unknown. */
  country: string | null;
}

/** Which text of the list a hit is about. */
export type MatchedField = 'name' | 'alias' | 'address';

/** One subject that may be the one that was asked for. */
export interface Hit {
  queryId: string;
  subjectId: string;
  /** 0 to 1; 1 for the same text but for case, punctuation and word order. */
  score: number;
  matched: {
    /** Field of the list's entry. */
    field: MatchedField;
    /** Text of the list's entry, as printed. */
    ours: string;
    /** Text of the counterparty, as given. */
    theirs: string;
  };
  /** Why, in words, the most telling first. Never empty. */
  reasons: string[];
  /** Null where either country is unknown. Shown, and never a reason to leave a hit out. */
  countryAgrees: boolean | null;
}
