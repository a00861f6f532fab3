import {
  ADDRESS_LEAD,
  ADDRESS_WORDS,
  LEGAL_FORM,
  MARK,
  ORGANISATION,
  SUB_UNIT,
  topLevelCommas,
} from './cell-text.ts';
import { namesPlace } from './destinations.ts';

const BEGINS_WITH_MARK = new RegExp(`^\\(?\\s?${MARK}`, 'iu');

/** True where the text goes on with "a.k.a.", in parentheses or not. */
export function beginsWithMark(text: string): boolean {
  return BEGINS_WITH_MARK.test(text);
}

/**
 * Where the name ends in "Name, address" where no alias block marks it: at the first comma that is none of
 * the name's own. A comma is the name's own before a legal form or a sub-unit.
 */
export function findNameEnd(text: string): number {
  // Old rows print "Gazprom, OAO (a.k.a. …, Address: …" with a parenthesis that never closes.
  const label = /,?\s?\bAddress(?:es)?:/u.exec(text);
  if (label) return label.index;
  const commas = topLevelCommas(text);
  for (const [index, at] of commas.entries()) {
    const next = text.slice(at + 1).trimStart();
    const segment = next.slice(0, (commas[index + 1] ?? text.length) - at - 1);
    if (LEGAL_FORM.test(next)) continue;
    if (/^and\s/iu.test(next)) continue;
    const bare = !ADDRESS_WORDS.test(segment) && !namesPlace(segment);
    // "Optics, Fine Mechanics, and Physics": the comma before the last but one item of a series.
    const afterNext = commas[index + 1] === undefined ? '' : text.slice(commas[index + 1]! + 1).trimStart();
    if (/^and\s/iu.test(afterNext) && bare) continue;
    const head = text.slice(0, at);
    const goesOn = commas.length > index + 1;
    if (goesOn && ORGANISATION.test(head)) {
      if (SUB_UNIT.test(segment) && !ADDRESS_WORDS.test(segment)) continue;
      // "Institute of Physical, Technical and Radio Measurements": a series without a comma before "and".
      if (
        /\bof\s[\p{L}-]{2,30}$/u.test(head.slice(-40)) &&
        /^[\p{L}-]{2,30} and \p{Lu}/u.test(segment) &&
        bare &&
        !/\d/u.test(segment)
      )
        continue;
    }
    return at;
  }
  return text.length;
}

/**
 * True where a name that spells the beginning of a cell may end before `rest`: before nothing, an alias, a
 * note or an address. A legal form, a sub-unit or a parenthesis belongs to a longer name, of another entity.
 */
export function nameMayEnd(name: string, rest: string): boolean {
  const text = rest.trimStart();
  if (text === '' || text === '.' || beginsWithMark(text)) return true;
  if (/^\(\s?see\b/iu.test(text)) return true;
  if (text.startsWith('.')) {
    const behind = text.slice(1).trimStart();
    return /^[,;]/u.test(behind)
      ? nameMayEnd(name, behind)
      : behind === '' || /^\(?\s?see\b/iu.test(behind) || ADDRESS_LEAD.test(behind.slice(0, 40));
  }
  if (!/^[,;]/u.test(text)) return false;
  const next = text.replace(/^[,;\s]{1,4}/u, '');
  if (LEGAL_FORM.test(next)) return false;
  if (next.startsWith('(')) return nameMayEnd(name, next);
  const segment = next.slice(0, 120).split(',')[0]!;
  return !(
    ORGANISATION.test(name) &&
    SUB_UNIT.test(segment) &&
    !ADDRESS_WORDS.test(segment) &&
    !/\d/u.test(segment)
  );
}
