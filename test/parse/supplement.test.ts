import { describe, expect, it } from 'vitest';
import { readSupplement } from '../../src/parse/supplement.ts';
import { admitXml } from '../../src/parse/xml.ts';

const REST = '<TD>For all items</TD><TD>Presumption of denial</TD><TD>76 FR 71869, 11/21/11.</TD>';
const HEADS = [
  'Country',
  'Entity',
  'License requirement',
  'License review policy',
  'Federal Register citation',
];
const heads = (tag: string) => `<TR>${HEADS.map((head) => `<${tag}>${head}</${tag}>`).join('')}</TR>`;

function read(rows: string, head = `<THEAD>${heads('TH')}</THEAD>`, before = '') {
  const xml = `<DIV5 N="744" TYPE="PART"><DIV9 N="Supplement No. 4 to Part 744" TYPE="APPENDIX"><HEAD>x</HEAD>${before}<TABLE>${head}<TBODY>${rows}</TBODY></TABLE></DIV9></DIV5>`;
  const { entries, issues, reserved } = readSupplement(admitXml(Buffer.from(xml)));
  return {
    entries: entries.map(({ country, name, addresses }) => `${country} ${name}: ${addresses.join(' | ')}`),
    issues: issues.map(({ code, holds }) => `${code} ${holds}`),
    reserved,
  };
}

const A = 'AF Acme LLC: 1 Road, Kabul, Afghanistan';
const B = 'AF Bravo LLC: 2 Road, Kabul, Afghanistan';
const ACME = `<TD>Acme LLC, 1 Road, Kabul, Afghanistan.</TD>${REST}`;
const BRAVO = `<TD>Bravo LLC, 2 Road, Kabul, Afghanistan.</TD>${REST}`;

describe('a supplement of eCFR', () => {
  it.each([
    [
      'a country over several rows',
      `<TR><TD rowspan="2">AFGHANISTAN</TD>${ACME}</TR><TR>${BRAVO}</TR>`,
      undefined,
    ],
    [
      'heads of TD in THEAD',
      `<TR><TD>AFGHANISTAN</TD>${ACME}</TR><TR><TD/>${BRAVO}</TR>`,
      `<THEAD>${heads('TD')}</THEAD>`,
    ],
    [
      'heads of TD in the first row',
      `${heads('TD')}<TR><TD>AFGHANISTAN</TD>${ACME}</TR><TR><TD/>${BRAVO}</TR>`,
      '',
    ],
  ])('is read with %s', (_what, rows, head) => {
    expect(read(rows, head)).toEqual({ entries: [A, B], issues: [], reserved: [] });
  });

  it('ends a country that covers rows with its last one', () => {
    const rows = `<TR><TD rowspan="2">AFGHANISTAN</TD>${ACME}</TR><TR>${BRAVO}</TR><TR><TD>IRAN</TD><TD>Z, 3 Road, Qom.</TD>${REST}</TR>`;
    expect(read(rows).entries).toEqual([A, B, 'IR Z: 3 Road, Qom']);
  });

  it('reads the table that has its columns, and no other', () => {
    const small =
      '<TABLE><THEAD><TR><TH>Country</TH><TH>Note</TH></TR></THEAD><TR><TD>IRAN</TD><TD>x</TD></TR></TABLE>';
    expect(read(`<TR><TD>AFGHANISTAN</TD>${ACME}</TR>`, undefined, small)).toEqual({
      entries: [A],
      issues: [],
      reserved: [],
    });
  });

  it('tells of destinations without entries, and passes over the trail of amendments', () => {
    const rows = `<TR><TD>AUSTRIA [Reserved]</TD><TD/><TD/><TD/><TD/></TR><TR><TD>AFGHANISTAN</TD>${ACME}</TR><TR><TD colspan="5">[63 FR 64325, Nov. 20, 1998, as amended]</TD></TR>`;
    expect(read(rows)).toEqual({ entries: [A], issues: [], reserved: ['AUSTRIA'] });
  });

  it('notes an entry without a policy, and a row that has nothing but a name', () => {
    const bare = '<TD>For all items</TD><TD/><TD>76 FR 71869, 11/21/11.</TD>';
    expect(
      read(`<TR><TD>AFGHANISTAN</TD><TD>Acme LLC, 1 Road, Kabul, Afghanistan.</TD>${bare}</TR>`).issues,
    ).toEqual(['empty-policy false']);
    expect(
      read(
        `<TR><TD>AFGHANISTAN</TD>${ACME}</TR><TR><TD/><TD>Ghost LLC, 5 Road, Kabul, Afghanistan.</TD><TD/><TD/><TD/></TR>`,
      ),
    ).toEqual({
      entries: [A],
      issues: ['row-without-requirement true'],
      reserved: [],
    });
  });
});
