import type { Citation, ListName } from '../../../src/model.ts';
import type { Draft } from '../write-rule.ts';
import type { Style } from './style.ts';
import { escapeXml, inWords, PLACES, shortDay } from './words.ts';

const HEADS: Record<ListName, string[]> = {
  'entity-list': [
    'Country',
    'Entity',
    'License requirement',
    'License review policy',
    '<E T="02">Federal Register</E> citation',
  ],
  'unverified-list': [
    'Country',
    'Listed person and address',
    '<E T="02">Federal Register</E> citation and date of publication',
  ],
  'military-end-user-list': ['Country', 'Entity', '<E T="02">Federal Register</E> citation'],
};

const STARS = Array(7).fill('*').join('\u2003'.repeat(9));

const stop = (text: string) => (text.endsWith('.') ? text : `${text}.`);

/** The entity cell, with `LI` for its lines. */
function entityCell(style: Style, draft: Draft): string {
  const { name, aliases = [], addresses = [], seeAlso = [] } = draft;
  const see = seeAlso.length === 0 ? '' : ` (See alternate address under ${seeAlso.join(' and ')})`;
  const where = addresses.length === 0 ? '' : stop(addresses.join('; and ') + see);
  if (aliases.length === 0) return escapeXml(where === '' ? stop(`${name}${see}`) : `${name}, ${where}`);
  const last = aliases.length - 1;
  if (style.cells === 'brackets') {
    const names = aliases.map((alias, at) => (at > 0 && at === last ? `and ${alias}` : alias)).join('; ');
    const cell = `${name} (a.k.a., ${names})${see !== '' && where === '' ? see : ''}`;
    return escapeXml(where === '' ? stop(cell) : `${cell}, ${where}`);
  }
  const head = `${name}, a.k.a., the following ${inWords(aliases.length)} alias${last === 0 ? '' : 'es'}:`;
  const items = aliases.map((alias, at) =>
    at === last ? `—${stop(alias)}` : `—${alias}${at === last - 1 ? '; and' : ';'}`,
  );
  const lines = [...items, where].filter((line) => line !== '').map(escapeXml);
  return style.cells === 'lines'
    ? `${escapeXml(head)}${lines.map((line) => `<LI>${line}</LI>`).join('')}`
    : `${escapeXml(head)} ${lines.join(' ')}`;
}

function requirementCell(style: Style, { licenseRequirement = '', footnotes = [] }: Draft): string {
  const text = escapeXml(licenseRequirement);
  if (footnotes.length === 0) return text;
  const numbers = footnotes.join(' ');
  return style.wording % 2 === 0 ? `${text}<SU>${numbers}</SU>` : `${text}<E T="51">${numbers}</E><FTREF/>`;
}

/** What a new row shows in place of the page that is not known yet. */
function placeholderOf(style: Style, volume: number, publishedOn: string): string {
  if (style.placeholder === 'page') return `${volume} FR [INSERT FR PAGE NUMBER], ${shortDay(publishedOn)}.`;
  if (style.placeholder === 'page-and-day')
    return `${volume} FR [INSERT FR PAGE NUMBER AND ${shortDay(publishedOn)}].`;
  return '[Insert <E T="02">Federal Register</E> citation]';
}

function printCitation({ volume, page, on }: Citation): string {
  return `${volume} FR ${page}${on === null ? '' : `, ${shortDay(on)}`}.`;
}

export interface PrintedTable {
  xml: string;
  /** Page in force where the table begins: what its placeholders stand for. */
  page: number;
  /** Page in force behind it. */
  endPage: number;
}

/** The table of the added and revised rows of one list. */
export function writeTable(
  style: Style,
  list: ListName,
  drafts: readonly Draft[],
  { page, volume, publishedOn }: { page: number; volume: number; publishedOn: string },
): PrintedTable {
  const columns = HEADS[list].length;
  let current = page;
  const rows: string[] = [];
  const shown = Object.keys(PLACES).sort((a, b) => PLACES[a]!.heading.localeCompare(PLACES[b]!.heading));
  const starRow = () =>
    style.starRows && rows.push(`<ROW><ENT I="22"> </ENT></ROW><ROW><ENT I="28">${STARS}</ENT></ROW>`);
  let printed = 0;
  for (const country of shown) {
    const own = drafts.filter((draft) => draft.country === country);
    if (own.length === 0) continue;
    const heading = escapeXml(PLACES[country]!.heading);
    if (style.headings === 'beside-stars')
      rows.push(`<ROW><ENT I="01">${heading}</ENT><ENT A="0${columns - 2}">${STARS}</ENT></ROW>`);
    if (style.headings === 'above-stars')
      rows.push(`<ROW><ENT I="01">${heading}</ENT></ROW><ROW><ENT I="28">${STARS}</ENT></ROW>`);
    for (const [at, draft] of own.entries()) {
      if (at > 0 || style.headings !== 'with-entry') starRow();
      const first = at === 0 && style.headings === 'with-entry';
      let turn = '';
      printed += 1;
      if (style.pageBreaks && printed % 3 === 0) {
        current += 1;
        turn = `<PRTPAGE P="${current}"/>`;
      }
      const cites = [
        ...(draft.citations ?? []).map(printCitation),
        placeholderOf(style, volume, publishedOn),
      ];
      const cells = [
        `<ENT I="${first ? '01' : '22'}">${first ? heading : ' '}</ENT>`,
        `<ENT${style.wording % 2 === 0 ? ' O="xl"' : ''}>${entityCell(style, draft)}</ENT>`,
        ...(list === 'entity-list'
          ? [
              `<ENT>${requirementCell(style, draft)}</ENT>`,
              `<ENT>${escapeXml(draft.licenseReviewPolicy ?? '')}</ENT>`,
            ]
          : []),
        `<ENT>${cites.map((cite, index) => (index === 0 ? cite : `<LI>${cite}</LI>`)).join('')}</ENT>`,
      ];
      rows.push(`<ROW>${turn}${cells.join('')}</ROW>`);
    }
    starRow();
  }
  const heads = HEADS[list].map((head) => `<CHED H="1">${head}</CHED>`).join('');
  const cdef = columns === 5 ? 's50,r100,r60,r50,r50' : 's50,r100,r50';
  return {
    page,
    endPage: current,
    xml: `<GPOTABLE CDEF="${cdef}" COLS="${columns}" OPTS="L1,nj,tp0,i1"><TTITLE> </TTITLE><BOXHD>${heads}</BOXHD>${rows.join('')}</GPOTABLE>`,
  };
}
