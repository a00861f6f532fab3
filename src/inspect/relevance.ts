import { TYPES_NOT_LAW } from '../model.ts';
import { listsNamedIn } from '../parse/filing.ts';
import type { Filing } from '../source/public-inspection.ts';

const BUREAU = /\bindustry and security\b/iu;
const COMMERCE = /\bcommerce\b/iu;
const ABOUT_PART = /\bparts? 744\b|\bexport administration regulations\b/iu;

/** Letters by which an agency takes a filing back, and the notes of the editors about them (sources, §2.5). */
const WITHDRAWS = /\bwithdr[ae]w|\brevok|\brevocation\b|\bremov(?:e|al) from public inspection\b/iu;

export function isOfBureau(filing: Filing): boolean {
  return filing.agencies.some(
    ({ slug, name }) => slug === 'industry-and-security-bureau' || BUREAU.test(name),
  );
}

/**
 * Whether the text of a filing is worth reading: any rule of the bureau, whatever its title says (list changes
 * hide under generic ones; sources, §4.9), and of Commerce those whose title speaks of a list or of part 744.
 */
export function isRelevant(filing: Filing): boolean {
  if (TYPES_NOT_LAW.includes(filing.type)) return false;
  if (isOfBureau(filing)) return true;
  const ofCommerce = filing.agencies.some(
    ({ slug, name }) => slug === 'commerce-department' || COMMERCE.test(name),
  );
  return ofCommerce && (ABOUT_PART.test(filing.title) || listsNamedIn(filing.title).length > 0);
}

/** Why a filing is revoked, in words; null where it stands. */
export function revocationOf(filing: Filing): string | null {
  const letter = filing.letters.find(({ title }) => WITHDRAWS.test(title));
  if (letter) return `The agency asked for its withdrawal in a letter: “${letter.title.slice(0, 200)}”.`;
  if (filing.editorialNote !== null && WITHDRAWS.test(filing.editorialNote))
    return `The editors of the Federal Register note its withdrawal: “${filing.editorialNote.slice(0, 200)}”.`;
  return filing.publishedOn === null
    ? 'It no longer has a day of publication, which means that it was revoked.'
    : null;
}
