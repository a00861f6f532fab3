import type { Citation } from '../model.ts';
import { dayInWords } from './date-facts.ts';

/** "90 FR 14035, March 28, 2025", or without the date where the supplement prints none. */
export function citationText(citation: Citation): string {
  const place = `${citation.volume} FR ${citation.page}`;
  return citation.on === null ? place : `${place}, ${dayInWords(citation.on)}`;
}

/** Page of federalregister.gov that resolves a citation to its document. */
export function citationUrl(citation: Citation): string {
  return `https://www.federalregister.gov/citation/${citation.volume}-FR-${citation.page}`;
}
