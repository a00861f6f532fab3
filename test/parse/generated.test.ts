import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyRule } from '../../src/list/verify.ts';
import { readHead } from '../../src/parse/head.ts';
import { readRule } from '../../src/parse/rule.ts';
import { admitXml } from '../../src/parse/xml.ts';

interface Made {
  country: string;
  name: string;
  aliases: string[];
  addresses: string[];
  footnotes: number[];
}

const PLACES: Record<string, [heading: string, prose: string]> = {
  CN: ["CHINA, PEOPLE'S REPUBLIC OF", "China, People's Republic of (China)"],
  IR: ['IRAN', 'Iran'],
  AE: ['UNITED ARAB EMIRATES', 'the United Arab Emirates (UAE)'],
  KR: ['KOREA, SOUTH', 'South Korea'],
};
const COUNT = 'no one two three four'.split(' ');

const word = fc.constantFrom(
  'Amber',
  'Birch',
  'Cedar',
  'Delta-9',
  'Elm & Sons',
  'Fjörd',
  'Gülen',
  'al Noor',
  'И',
);
const name = fc
  .tuple(
    fc.array(word, { minLength: 1, maxLength: 3 }),
    fc.nat(9999),
    fc.constantFrom('', ' Co., Ltd.', ', OOO', ' (HK)'),
  )
  .map(([words, number, form]) => `${words.join(' ')} ${number}${form}`);
const address = fc
  .tuple(
    fc.nat(99),
    word,
    fc.constantFrom('Road', 'Street', 'Plaza'),
    fc.constantFrom('Harbin, China', 'Qom, Iran', 'Seoul'),
  )
  .map(([number, road, kind, town]) => `No. ${number + 1} ${road} ${kind}, ${town}`);
const made: fc.Arbitrary<Made[]> = fc.uniqueArray(
  fc.record({
    country: fc.constantFrom(...Object.keys(PLACES)),
    name,
    aliases: fc.uniqueArray(name, { maxLength: 4 }),
    addresses: fc.array(address, { minLength: 1, maxLength: 3 }),
    footnotes: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }).map((all) => all.sort()),
  }),
  { minLength: 1, maxLength: 15, selector: (entry) => entry.name },
);

const escapeXml = (text: string) => text.replaceAll('&', '&amp;');

function render(entries: readonly Made[], headingAlone: boolean): { xml: string; abstract: string } {
  const places = Object.keys(PLACES).filter((code) => entries.some((entry) => entry.country === code));
  const of = (code: string) => entries.filter((entry) => entry.country === code);
  const abstract = `BIS amends the Export Administration Regulations by adding ${entries.length} entities to the Entity List, under the destinations of ${places.map((code) => `${PLACES[code]![1]} (${of(code).length})`).join('; ')}.`;
  const stop = (text: string) => (text.endsWith('.') ? text : `${text}.`);
  const instructions = places.map(
    (code, at) =>
      `<AMDPAR>${'abcd'[at]}. Under ${PLACES[code]![0]}, by adding entries for ${of(code)
        .map((entry) => `“${escapeXml(entry.name)}”`)
        .join(', ')};</AMDPAR>`,
  );
  const rows = places.flatMap((code) => [
    ...(headingAlone ? [`<ROW><ENT I="01">${PLACES[code]![0]}</ENT><ENT A="03">*   *   *</ENT></ROW>`] : []),
    ...of(code).map((entry, at) => {
      const last = entry.aliases.length - 1;
      const head =
        last < 0 ? '' : `, a.k.a., the following ${COUNT[last + 1]} alias${last === 0 ? '' : 'es'}:`;
      const items = entry.aliases.map(
        (alias, item) =>
          `<LI>—${escapeXml(item === last ? stop(alias) : `${alias}${item === last - 1 ? '; and' : ';'}`)}</LI>`,
      );
      const addresses = escapeXml(stop(entry.addresses.join('; and ')));
      return `<ROW><ENT I="01">${!headingAlone && at === 0 ? PLACES[code]![0] : ' '}</ENT><ENT>${escapeXml(entry.name)}${head}${items.join('')}${last < 0 ? `, ${addresses}` : `<LI>${addresses}</LI>`}</ENT><ENT>For all items subject to the EAR<SU>${entry.footnotes.join(' ')}</SU></ENT><ENT>Presumption of denial</ENT><ENT>[INSERT FEDERAL REGISTER CITATION]</ENT></ROW>`;
    }),
  ]);
  const heads = [
    'Country',
    'Entity',
    'License requirement',
    'License review policy',
    'Federal Register citation',
  ];
  return {
    abstract,
    xml: `<RULE><SUPLINF><AMDPAR>2. Supplement No. 4 to part 744 is amended:</AMDPAR>${instructions.join('')}<PRTPAGE P="7"/><GPOTABLE><BOXHD>${heads.map((head) => `<CHED H="1">${head}</CHED>`).join('')}</BOXHD>${rows.join('')}</GPOTABLE></SUPLINF></RULE>`,
  };
}

describe('a rule made from random entries', () => {
  it('reads back exactly, and is verified', () => {
    fc.assert(
      fc.property(made, fc.boolean(), (entries, headingAlone) => {
        const { xml, abstract } = render(entries, headingAlone);
        const record = {
          document_number: '2031-77777',
          title: 'Additions to the Entity List',
          abstract,
          volume: 96,
          start_page: 5,
          publication_date: '2031-01-06',
        };
        const rule = readRule(admitXml(Buffer.from(xml)), readHead(record));
        expect(rule.issues).toEqual([]);
        expect(verifyRule(rule, null).verdict).toBe('verified');
        const order = Object.keys(PLACES);
        const wanted = [...entries].sort((a, b) => order.indexOf(a.country) - order.indexOf(b.country));
        expect(
          rule.amendments.map(({ country, name, aliases, addresses, footnotes, citations }) => ({
            country,
            name,
            aliases,
            addresses,
            footnotes,
            citations,
          })),
        ).toEqual(
          wanted.map((entry) => ({ ...entry, citations: [{ volume: 96, page: 7, on: '2031-01-06' }] })),
        );
      }),
      { numRuns: 150 },
    );
  });
});
