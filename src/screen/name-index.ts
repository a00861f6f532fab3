import { foldName } from '../fold.ts';
import type { Subject } from './subject.ts';

/** Subjects, prepared for `screen`. */
export interface NameIndex {
  subjects: readonly Subject[];
  rows: Map<string, { subject: number; name: number }[]>;
}

/** Prepares subjects for screening. */
export function buildNameIndex(subjects: readonly Subject[]): NameIndex {
  const rows: NameIndex['rows'] = new Map();
  subjects.forEach(({ names }, subject) => {
    names.forEach((text, name) => {
      const key = foldName(text);
      rows.set(key, [...(rows.get(key) ?? []), { subject, name }]);
    });
  });
  return { subjects, rows };
}
