import pc from 'picocolors';
import type { Citation, ListName, ScreeningHit } from '../model.ts';
import { citationUrl } from '../render/citation.ts';
import { LIST_TITLES } from '../render/words.ts';
import { safe } from './output.ts';

/** What is shown of a hit: of a run that is stored, or of a file that is not. */
export interface ShownHit
  extends Pick<
    ScreeningHit,
    'rowNumber' | 'ref' | 'theirName' | 'entryName' | 'score' | 'matched' | 'reasons'
  > {
  hitId?: number;
  list: ListName;
  destination: string;
  citation: Citation | null;
}

const short = (text: string, most = 90) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** One hit for people: both names, the score, what matched with what, why, and the rule. */
export function hitLines(hit: ShownHit): string {
  const { rowNumber, ref, theirName, entryName, score, matched, reasons, citation } = hit;
  const place = ref === '' ? `row ${rowNumber}` : `row ${rowNumber}, ${short(ref, 30)}`;
  const number = hit.hitId === undefined ? '' : `hit ${hit.hitId}  `;
  const lines = [
    `${pc.bold(score.toFixed(2))}  ${number}${short(theirName || '(no name)')} (${place})`,
    `      ${pc.bold(short(entryName))}, ${LIST_TITLES[hit.list]}, ${short(hit.destination, 40)}`,
  ];
  if (matched.ours !== entryName || matched.theirs !== theirName)
    lines.push(`      by its ${matched.field}: ${short(matched.theirs)} ~ ${short(matched.ours)}`);
  lines.push(`      ${reasons.map((reason) => short(reason, 200)).join('; ')}`);
  if (citation !== null) lines.push(`      ${citationUrl(citation)}`);
  return safe(lines.join('\n'));
}
