import type { Entry } from '../model.ts';
import type { Subject } from './subject.ts';

/** An entry of a list as a subject of screening. */
export function entrySubject(entry: Entry): Subject {
  return {
    id: entry.entryId,
    names: [entry.name, ...entry.aliases],
    addresses: entry.addresses,
    country: entry.country,
  };
}
