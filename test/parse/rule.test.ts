import { describe, expect, it } from 'vitest';
import { verifyRule } from '../../src/list/verify.ts';
import { readHead } from '../../src/parse/head.ts';
import { readRule } from '../../src/parse/rule.ts';
import { admitXml } from '../../src/parse/xml.ts';
import { makeSmallRule } from '../helpers/small-rule.ts';

/** Reads a rule that adds one entry under China, with other words in some places. */
function read(...changes: [find: string, by: string][]) {
  const rule = makeSmallRule();
  let xml = rule.xml.toString();
  for (const [find, by] of changes) {
    if (!xml.includes(find)) throw new Error(`“${find}” does not stand there`);
    xml = xml.replace(find, () => by);
  }
  // The document itself is followed where its record says something else, so that only its text is tried here.
  const record = readHead({ ...rule.record, abstract: null, dates: null });
  const found = readRule(admitXml(Buffer.from(xml)), record);
  return {
    found,
    verdict: verifyRule(found, null).verdict,
    holding: found.issues.filter(({ holds }) => holds).map(({ code }) => code),
  };
}

describe('a rule', () => {
  it('is read as it stands', () => {
    expect(read()).toMatchObject({ verdict: 'verified', holding: [] });
  });

  it('that only tells of a stay in its SUMMARY orders none', () => {
    const { found, verdict } = read([
      '</P></SUM>',
      ' The amendments in the interim final rule published at 90 FR 47201 are stayed until November 9, 2031.</P></SUM>',
    ]);
    expect(found.suspensions).toEqual([]);
    expect(verdict).toBe('verified');
  });

  describe('whose instruction names its supplement without a part', () => {
    const bare: [string, string] = [
      '2. Supplement No. 4 to part 744 is amended',
      '2. Supplement No. 4 is amended',
    ];

    it('is about the list where the REGTEXT says part 744', () => {
      expect(read(bare)).toMatchObject({
        verdict: 'verified',
        holding: [],
        found: { lists: ['entity-list'] },
      });
    });

    it('is held where the REGTEXT says another part, which can be wrong', () => {
      const { holding } = read(bare, ['PART="744"', 'PART="746"']);
      expect(holding).toContain('target-unclear');
    });

    it('follows a heading of the part before the attribute', () => {
      const heading =
        '<PART><HD SOURCE="HED">PART 744—CONTROL POLICY: END-USER AND END-USE BASED</HD></PART>';
      expect(read(bare, ['PART="744"', 'PART="746"'], ['<REGTEXT', `${heading}<REGTEXT`])).toMatchObject({
        verdict: 'verified',
        holding: [],
      });
      expect(read(bare, ['<REGTEXT', `${heading.replace('744', '746')}<REGTEXT`]).holding).toContain(
        'target-unclear',
      );
    });
  });

  it('takes the table below “Supplement No. 7 to Part 744” for that list’s, whatever the last instruction was about', () => {
    const head = (number: number) => `<HD SOURCE="HD1">Supplement No. ${number} to Part 744</HD>`;
    const other =
      "<AMDPAR>3. Supplement No. 7 to part 744 is amended under CHINA, PEOPLE'S REPUBLIC OF, by removing the entry for “Y”.</AMDPAR>";
    const { found, holding } = read(['<PRTPAGE P="4102"/>', `${other}<PRTPAGE P="4102"/>${head(4)}`]);
    expect(holding).toEqual([]);
    expect(found.amendments.map(({ action, list }) => `${action} ${list}`)).toEqual([
      'add entity-list',
      'remove military-end-user-list',
    ]);
    // Without the heading the table would be that of the last instruction, which prints no row.
    expect(read(['<PRTPAGE P="4102"/>', `${other}<PRTPAGE P="4102"/>`]).holding).not.toEqual([]);
  });

  it('with an instruction for entries whose target is not understood is held', () => {
    expect(
      read([
        '</SUPLINF>',
        '<AMDPAR>3. Further amend this supplement, under IRAN, by removing the entry for “X”.</AMDPAR></SUPLINF>',
      ]),
    ).toMatchObject({ verdict: 'held', holding: ['target-unclear'] });
  });

  it.each([
    ['a paragraph', '<P>3. In addition, the entry for “X” under IRAN is no longer included.</P></REGTEXT>'],
    ['another', '<P>3. The entry for “X” under IRAN is hereby deleted.</P></REGTEXT>'],
  ])('that goes on to amend in %s below the table is held', (_what, paragraph) => {
    expect(read(['</REGTEXT>', paragraph])).toMatchObject({
      verdict: 'held',
      holding: ['amendment-in-paragraph'],
    });
  });

  it('that amends in a note of the table is held', () => {
    expect(
      read(['</GPOTABLE>', '<TNOTE>Note: The entry for X under IRAN is removed.</TNOTE></GPOTABLE>']),
    ).toMatchObject({ verdict: 'held', holding: ['amendment-in-paragraph'] });
  });

  it('whose row prints a longer name than the instruction is held', () => {
    const { holding } = read([
      '<ENT>Acme Optics Co., Ltd., No. 1 Test Road, Beijing, China.</ENT>',
      '<ENT>Acme Optics Co., Ltd., No. 1 Test Road, Beijing, China, a.k.a., the following one alias:<LI>—Acme.</LI></ENT>',
    ]);
    expect(holding).toContain('name-differs');
  });

  it('whose only row is a stranger in place of the revised entry is held, and one that keeps a word is a new name', () => {
    const revising: [string, string][] = [
      [
        'by adding, in alphabetical order, entries for “Acme Optics Co., Ltd.”',
        'by revising the entry for “Beta Works”',
      ],
      [
        'by adding 1 entities to the Entity List, under the destination of China (1)',
        'by revising one entry under the destination of China',
      ],
    ];
    expect(read(...revising).holding).toContain('row-missing');
    const renamed = read(...revising, ['<ENT>Acme Optics Co., Ltd.,', '<ENT>Beta Industries (Works) Ltd.,']);
    expect(renamed.holding).toEqual([]);
    expect(renamed.found.amendments).toMatchObject([
      { action: 'revise', name: 'Beta Industries (Works) Ltd.', target: { name: 'Beta Works' } },
    ]);
    expect(renamed.found.issues.map(({ code }) => code)).toEqual(['renamed-by-row']);
  });
});
