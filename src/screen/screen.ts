import { foldName } from '../fold.ts';
import type { NameIndex } from './name-index.ts';
import type { Hit, Subject } from './subject.ts';

/** Changes whenever the same two texts may get another score: a stored hit says by which version it was made. */
export const MATCHER_VERSION = '1';

/** Hits below are left out. Chosen on one half of the labelled evaluation (`npm run eval:screen`). */
export const DEFAULT_THRESHOLD = 0.8;

export interface ScreenOptions {
  /** Between 0 and 1; `DEFAULT_THRESHOLD` where absent. */
  threshold?: number;
  /** Which side is the list, whose texts a hit calls "ours": `index` where absent. */
  listed?: 'index' | 'queries';
}

/** Subjects of the index that each query may be: per query the best hit first. */
export function screen(index: NameIndex, queries: Iterable<Subject>, options: ScreenOptions = {}): Hit[] {
  const { threshold = DEFAULT_THRESHOLD, listed = 'index' } = options;
  const hits: Hit[] = [];
  for (const query of queries) {
    for (const [at, text] of query.names.entries()) {
      for (const row of index.rows.get(foldName(text)) ?? []) {
        const subject = index.subjects[row.subject]!;
        const [ours, theirs, field] =
          listed === 'index'
            ? [subject.names[row.name]!, text, row.name]
            : [text, subject.names[row.name]!, at];
        if (threshold <= 1)
          hits.push({
            queryId: query.id,
            subjectId: subject.id,
            score: 1,
            matched: { field: field === 0 ? 'name' : 'alias', ours, theirs },
            reasons: ['the same name'],
            countryAgrees:
              query.country === null || subject.country === null ? null : query.country === subject.country,
          });
      }
    }
  }
  return hits;
}
