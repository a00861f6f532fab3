import { easternDay } from '../days.ts';
import {
  type CountriesOf,
  foldedNamesOf,
  reconcileScreening,
  type Screened,
  showScreened,
} from '../list/reconcile-csl.ts';
import type { ScreeningRow } from '../parse/csl.ts';
import { findDestination } from '../parse/destinations.ts';
import type { Parts } from '../parts.ts';
import type { Source } from './reading.ts';

/** "518033 China" and "U.A.E. 39948" end in a place. */
const lastWords = (address: string) =>
  address
    .slice(address.lastIndexOf(',') + 1)
    .replace(/[\d.]+/gu, '')
    .trim();

/** Countries that the addresses of an entry end in, and those that its notes send the reader to. */
function createCountriesOf(): CountriesOf {
  const known = new WeakMap<object, readonly string[]>();
  return (entry) => {
    const before = known.get(entry);
    if (before) return before;
    const named = [...entry.addresses.map(lastWords), ...entry.seeAlso];
    const countries = [...new Set(named.flatMap((text) => findDestination(text)?.country ?? []))];
    known.set(entry, countries);
    return countries;
  };
}

/** The Consolidated Screening List; its one file is fetched once for all lists. */
export function openCsl(parts: Parts): Source<Screened> {
  let file: Promise<ScreeningRow[]> | undefined;
  const fetchRows = async () => {
    const { bytes, form } = await parts.csl.fetchList();
    return (await parts.parser.screeningList(bytes, form)).rows;
  };
  return {
    name: 'csl',
    async read(list) {
      file ??= fetchRows();
      const rows = (await file).filter((row) => row.list === list);
      // The file says no day. It is made anew each morning, so it speaks of this one.
      return { on: easternDay(parts.now()), rows, pending: [], unread: [] };
    },
    pairing: (documentsCited) => {
      const tolerance = { countriesOf: createCountriesOf(), documentsCited };
      return {
        reconcile: (ours, theirs) => reconcileScreening(ours, theirs, tolerance),
        foldedNamesOf,
        show: showScreened,
      };
    },
  };
}
