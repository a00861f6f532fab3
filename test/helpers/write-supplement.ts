import type { ListName, PlacedEntry } from '../../src/model.ts';
import { escapeXml, inWords, SUPPLEMENT_OF, shortDay, TITLE_OF } from './write-rule/words.ts';

const HEADS: Record<ListName, string[]> = {
  'entity-list': [
    'Country',
    'Entity',
    'License requirement',
    'License review policy',
    'Federal Register citation',
  ],
  'unverified-list': [
    'Country',
    'Listed person and address',
    'Federal Register citation and date of publication',
  ],
  'military-end-user-list': ['Country', 'Entity', 'Federal Register citation'],
};

const td = (content: string) => `<TD align="left" class="gpotbl_cell">${content}</TD>`;

function entityCell({ name, aliases, addresses, seeAlso }: PlacedEntry): string {
  const see =
    seeAlso.length === 0 ? '' : ` (See alternate address under ${escapeXml(seeAlso.join(' and '))})`;
  const place = addresses.map((address) => escapeXml(address)).join('; <I>and</I> ') + see;
  const where = place === '' || place.endsWith('.') ? place : `${place}.`;
  if (aliases.length === 0) return where === '' ? `${escapeXml(name)}.` : `${escapeXml(name)}, ${where}`;
  const items = aliases.map((alias, at) => {
    const end = at === aliases.length - 1 ? '.' : at === aliases.length - 2 ? '; <I>and</I>' : ';';
    return `—${escapeXml(alias)}${end}`;
  });
  const noun = aliases.length === 1 ? 'alias' : 'aliases';
  const block = `${escapeXml(name)}, a.k.a., the following ${inWords(aliases.length)} ${noun}:<br/>${items.join('<br/>')}`;
  return where === '' ? block : `${block}<br/><br/>${where}`;
}

/** Writes a supplement to part 744 in eCFR's markup (sources, §5.3). `notices` stand above its table. */
export function writeSupplement(
  list: ListName,
  entries: readonly PlacedEntry[],
  notices: readonly string[] = [],
): Buffer {
  const own = entries.filter((entry) => entry.list === list);
  const places = [...new Set(own.map(({ destination }) => destination))].sort();
  const rows = places.flatMap((place) =>
    own
      .filter(({ destination }) => destination === place)
      .map((entry, at) => {
        const { licenseRequirement, licenseReviewPolicy, footnotes, citations } = entry;
        const cites = citations.map(
          ({ volume, page, on }) => `${volume} FR ${page}${on === null ? '' : `, ${shortDay(on)}`}.`,
        );
        // Digits of footnotes that stand in the text may be those of an earlier numbering.
        const requirement = licenseRequirement.replace(/(\)|\bEAR) [1-9](?= |$)/gu, '$1');
        const terms = [
          escapeXml(requirement) + (footnotes.length > 0 ? `<sup>${footnotes.join(' ')}</sup>` : ''),
          escapeXml(licenseReviewPolicy),
        ];
        return `<TR>${[
          at === 0 ? escapeXml(place) : '',
          entityCell(entry),
          ...(list === 'entity-list' ? terms : []),
          cites.join('<br/>'),
        ]
          .map(td)
          .join('')}</TR>`;
      }),
  );
  const heads = HEADS[list].map((head) => `<TH class="gpotbl_colhed" scope="col">${head}</TH>`).join('');
  const number = SUPPLEMENT_OF[list];
  const links = notices.map((notice) => `<XREF ID="20310304" REFID="1">${escapeXml(notice)}</XREF>`).join('');
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<DIV5 N="744" TYPE="PART"><DIV9 N="Supplement No. ${number} to Part 744" TYPE="APPENDIX">
<HEAD>Supplement No. ${number} to Part 744—${escapeXml(TITLE_OF[list])}</HEAD>${links}
<DIV width="100%"><DIV class="gpotbl_div"><TABLE border="1" class="gpotbl_table"><THEAD><TR>${heads}</TR></THEAD><TBODY>
${rows.join('\n')}
</TBODY></TABLE></DIV></DIV></DIV9></DIV5>
`);
}
