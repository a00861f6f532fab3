import { describe, expect, it } from 'vitest';
import { hasUnreadFootnotes, readIdentity, readPlainFootnotes } from '../../src/parse/entry.ts';

describe('an entity cell', () => {
  it.each([
    ['Huawei Technologies Co., Ltd., Bantian, Shenzhen, China.', 'Huawei Technologies Co., Ltd.'],
    ['Schmidt & Co., (HK) Ltd., Wan Chai, Hong Kong.', 'Schmidt & Co., (HK) Ltd.'],
    ['Beltechexport, CJSC, Minsk, Belarus.', 'Beltechexport, CJSC'],
    [
      'Academy of Invented Sciences, Institute of Basic Nets, 4 Road, Beijing, China.',
      'Academy of Invented Sciences, Institute of Basic Nets',
    ],
    ['Zavod No. 9, Perm, Russia.', 'Zavod No. 9'],
    ['DJX', 'DJX'],
  ])('%s is named %s', (line, name) => {
    expect(readIdentity([line]).name).toBe(name);
  });

  it('splits addresses at "; and", and at ", and" only behind the name of a place', () => {
    expect(
      readIdentity(['A Works, Road 1, Kabul, Afghanistan; and Road 2, Herat, Afghanistan.']).addresses,
    ).toEqual(['Road 1, Kabul, Afghanistan', 'Road 2, Herat, Afghanistan']);
    expect(readIdentity(['A Works, Road 1, Kabul, Afghanistan, and Road 2, Herat.']).addresses).toHaveLength(
      2,
    );
    expect(readIdentity(['A Works, Corner of Ash Road, and Elm Road, Yangon.']).addresses).toHaveLength(1);
  });

  it('counts the aliases that a block says it holds', () => {
    const lines = [
      'A Ltd., a.k.a., the following two aliases:',
      '—B—C Ltd.; and',
      '—Delta.',
      'Road 1, Doha, Qatar.',
    ];
    expect(readIdentity(lines)).toEqual({
      name: 'A Ltd.',
      aliases: ['B—C Ltd.', 'Delta'],
      addresses: ['Road 1, Doha, Qatar'],
      seeAlso: [],
      doubts: [],
    });
    expect(readIdentity(lines.toSpliced(1, 1)).doubts).toHaveLength(1);
  });

  it.each([
    ['(See alternate address under Pakistan).', ['Pakistan']],
    [
      '(See alternate addresses under France, Iran and the United Kingdom)',
      ['France', 'Iran', 'United Kingdom'],
    ],
    [
      "(See also address under China, People's Republic of and Russia)",
      ["China, People's Republic of", 'Russia'],
    ],
    ['(see U.A.E.)', ['U.A.E.']],
  ])('keeps the note %s apart', (note, places) => {
    const { name, addresses, seeAlso } = readIdentity([`Someone, Road 1, Oslo, Norway. ${note}`]);
    expect({ name, addresses }).toEqual({ name: 'Someone', addresses: ['Road 1, Oslo, Norway'] });
    expect(seeAlso).toEqual(places);
  });

  it('finds footnote digits that lost their superscript, and no others', () => {
    expect(readPlainFootnotes('For all items, see §§ 734.9(e) 1 and 744.11 of the EAR 2')).toEqual([1, 2]);
    expect(readPlainFootnotes('(See §§ 734.9(g),3 746.8(a)(3), and 744.21(b) of the EAR)')).toEqual([3]);
    expect(readPlainFootnotes('listed in supplement no. 7 to part 746 of the EAR')).toEqual([]);
    expect(readPlainFootnotes('(See §§ 734.9(e)(2) and 744.11 of the EAR) 4 5')).toEqual([4, 5]);
  });

  it.each([
    ['(See § 744.11 of the EAR). See footnotes 1 and 4.', [1, 4], false],
    ['(See § 744.11 of the EAR), footnotes 1, 2, and 4', [1, 2, 4], false],
    ['(See § 744.11 of the EAR); see footnote 4', [4], false],
    ['(See § 744.11 of the EAR), footnotes 1 through 4', [], true],
    ['(See § 744.11 of the EAR), see the footnotes', [], true],
    ['Items in footnote 4 to part 774', [], true],
  ])('has the footnotes that its requirement names, or is held: %s', (text, numbers, unread) => {
    expect([readPlainFootnotes(text), hasUnreadFootnotes(text)]).toEqual([numbers, unread]);
  });

  const cell = (lines: string[], known: string | null = 'Acme LLC') => {
    const { name, aliases, addresses, doubts } = readIdentity(lines, known);
    return { name, aliases, addresses, doubts: doubts.map(({ code }) => code) };
  };
  const ROAD = '1 Road, Wuhan, China';
  const acme = (...aliases: string[]) => ({ name: 'Acme LLC', aliases, addresses: [ROAD], doubts: [] });

  it.each([
    [['Acme LLC (a.k.a., Acme Labs), 1 Road, Wuhan, China.'], ['Acme Labs']],
    [['Acme LLC, a.k.a., Acme Labs, 1 Road, Wuhan, China.'], ['Acme Labs']],
    [['Acme LLC, d.b.a., Acme Labs Co., Ltd., 1 Road, Wuhan, China.'], ['Acme Labs Co., Ltd.']],
    // The list prints LLC without a stop: the one behind it ends the sentence.
    [['Acme LLC, f.k.a., Old Acme LLC.', '1 Road, Wuhan, China.'], ['Old Acme LLC']],
    [['Acme LLC (a.k.a., Acme Labs, f.k.a., Old Acme), 1 Road, Wuhan, China.'], ['Acme Labs', 'Old Acme']],
    [
      ["Acme LLC (f.k.a., AO 'Zaliv'; JSC Zaliv (HK); and OJSC ZALIV), 1 Road, Wuhan, China."],
      ["AO 'Zaliv'", 'JSC Zaliv (HK)', 'OJSC ZALIV'],
    ],
    [['Acme LLC (a.k.a. the following two aliases: A1; and A2), 1 Road, Wuhan, China.'], ['A1', 'A2']],
    [
      [
        'Acme LLC, a.k.a., the following two aliases:',
        '—A1; and',
        '—X Institute, a.k.a., Y.',
        '1 Road, Wuhan, China.',
      ],
      ['A1', 'X Institute', 'Y'],
    ],
    [
      ['Acme LLC, a.k.a., the following two aliases: —Acme One; and —Acme Two. 1 Road, Wuhan, China.'],
      ['Acme One', 'Acme Two'],
    ],
    [
      [
        'Acme LLC,',
        'a.k.a., the following two aliases:',
        '—Acme One; and',
        '—Acme Two.',
        '1 Road, Wuhan, China.',
      ],
      ['Acme One', 'Acme Two'],
    ],
    [
      [
        'Acme LLC, a.k.a., the following two aliases:',
        '—Acme One; and',
        '—Acme Two LLC. 1 Road, Wuhan, China.',
      ],
      ['Acme One', 'Acme Two LLC'],
    ],
    [['Acme LLC, a.k.a., the following one alias:', '—A2; 1 Road, Wuhan, China.'], ['A2']],
    [
      [
        'Acme LLC, a.k.a., the following one alias:',
        '—A2 Trading and',
        'Export Company.',
        '1 Road, Wuhan, China.',
      ],
      ['A2 Trading and Export Company'],
    ],
    [
      ['Acme LLC, a.k.a., the following two aliases:', 'Acme One; and', 'Acme Two.', '1 Road, Wuhan, China.'],
      ['Acme One', 'Acme Two'],
    ],
    [
      [
        'Acme LLC, a.k.a., the following two aliases:',
        '– Acme One; and',
        '-Acme Two.',
        '1 Road, Wuhan, China.',
      ],
      ['Acme One', 'Acme Two'],
    ],
    [
      [
        'Acme LLC, a.k.a., the following two aliases:',
        '• Acme One; and',
        '• Acme Two,',
        '1 Road, Wuhan, China.',
      ],
      ['Acme One', 'Acme Two'],
    ],
    [
      [
        'Acme LLC, a.k.a., the following four aliases:',
        '—A;',
        '—NDC, a.k.a., the following two aliases:',
        '—Fatah; and',
        '—NESCOM.',
        '1 Road, Wuhan, China.',
      ],
      ['A', 'NDC', 'Fatah', 'NESCOM'],
    ],
    [
      [
        'Acme LLC, a.k.a., the following two aliases and one former name:',
        '—A;',
        '—B; and',
        '—C.',
        '1 Road, Wuhan, China.',
      ],
      ['A', 'B', 'C'],
    ],
    [
      [
        'Acme LLC, a.k.a., the following four aliases:',
        '—HPSTAR; and; and',
        '—M. Aziz; and',
        '—J. R.;',
        '—Acme O.',
        '1 Road, Wuhan, China.',
      ],
      ['HPSTAR', 'M. Aziz', 'J. R.', 'Acme O'],
    ],
  ])('%j has its aliases', (lines, aliases) => {
    expect(cell(lines)).toEqual(acme(...aliases));
    expect(cell(lines, null)).toEqual(acme(...aliases));
  });

  it('takes the part before its a.k.a. where the instruction quotes both', () => {
    expect(
      cell(['Factory 5, a.k.a., Plant 5, 1 Road, Wuhan, China.'], 'Factory 5, a.k.a., Plant 5.'),
    ).toEqual({
      ...acme('Plant 5'),
      name: 'Factory 5',
    });
  });

  it.each([
    [['Acme LLC, a.k.a., Acme Labs, Wuhan, China.'], 'alias-unclear'],
    [['Acme LLC (a.k.a., Lin Rongnan, Steven Lim and Yong Lim), 1 Road.'], 'alias-unclear'],
    [['Acme LLC (a.k.a., Acme Labs, 1 Road, Wuhan.'], 'alias-unclear'],
    [['Acme LLC, a.k.a., Acme Labs', 'Trading LLC.', '1 Road.'], 'alias-unclear'],
    [['Acme LLC, a.k.a., the following aliases:', 'Acme One; and', 'Acme Two.', '1 Road.'], 'alias-unclear'],
    [
      ['Acme LLC, including the following three subordinate institutions:', '—A; and', '—B.', '1 Road.'],
      'alias-count-differs',
    ],
    [
      ['Acme LLC, including the following subordinate institutions:', '—A; and', '—B.', '1 Road.'],
      'sub-entry',
    ],
    [['Acme LLC, with the following subordinate institutions: A; B.'], 'sub-entry'],
    [
      [
        'Acme LLC, a.k.a., the following one alias and two subordinate entities:',
        '—A; and',
        '—B.',
        '1 Road.',
      ],
      'alias-count-differs',
    ],
    [['Acme LLC, 1 Road, Wuhan, China.', 'Addresses for Acme Two: 9 Road, Xi’an, China.'], 'sub-entry'],
    [['Acme LLC, 1 Road, Wuhan, China.', 'Affiliated entities:'], 'sub-entry'],
    [
      [
        'Acme LLC, a.k.a., the following aliases:',
        '—No. 1 Road, Wuhan, China; and',
        '—2 Road, Xi’an, China.',
      ],
      'address-in-alias',
    ],
    [['Acme LLC, the following two addresses: 1 Road, Wuhan, China.'], 'address-unclear'],
    [['Acme LLC, a.k.a., the following one alias:', '—A.', 'a.k.a, Chaman, Pakistan.'], 'address-unclear'],
  ])('%j is held', (lines, code) => {
    const { doubts, name, addresses } = readIdentity(lines, 'Acme LLC');
    expect(name).toBe('Acme LLC');
    expect(doubts.filter(({ holds }) => holds).map((doubt) => doubt.code)).toContain(code);
    for (const address of addresses)
      expect(address).not.toMatch(/following|k\.a|subordinate|affiliated|^A$|^B$/iu);
  });

  it('reads the two addresses that a cell announces, and "; or"', () => {
    const two = { ...acme(), addresses: [ROAD, '2 Road, Wuhan, China'] };
    expect(
      cell(['Acme LLC, the following two addresses: 1 Road, Wuhan, China; and 2 Road, Wuhan, China.']),
    ).toEqual(two);
    expect(cell(['Acme LLC, 1 Road, Wuhan, China; or 2 Road, Wuhan, China.'])).toEqual(two);
    expect(cell(['Acme LLC, 1 Road, Wuhan, China.', 'and 2 Road, Wuhan, China.'])).toEqual(two);
  });

  it.each([
    ['including the following two subordinate institutions:', ['A', 'B']],
    ['and the following two subsidiaries:', ['A', 'B']],
    ['a.k.a., the following one alias and one subordinate entity:', ['A', 'B']],
  ])('finds the entry by institutions that have no row of their own: %s', (head, names) => {
    // An entry is flat (`readBlock`); their number is said and right, so nothing is guessed (trap 7). It is told.
    const lines = [`Acme LLC, ${head}`, '—A; and', '—B.', '1 Road, Wuhan, China.'];
    expect(cell(lines)).toEqual({ ...acme(...names), doubts: ['sub-entry'] });
    expect(readIdentity(lines, 'Acme LLC').doubts.map(({ holds }) => holds)).toEqual([false]);
  });

  it('is held where an institution has an address behind its name', () => {
    const lines = [
      'Acme LLC, and the following two subordinate institutions:',
      '—A; and',
      '—A 2 Lab, No 6 Road.',
    ];
    expect(readIdentity(lines, 'Acme LLC').doubts).toContainEqual(
      expect.objectContaining({ code: 'address-in-alias', holds: true }),
    );
  });

  it('ends an address with the line that ends in its country', () => {
    const lines = ['Acme LLC, No. 5 Road, Beijing, China', 'No. 6 Road, Shanghai, China.'];
    expect(cell(lines)).toEqual({
      ...acme(),
      addresses: ['No. 5 Road, Beijing, China', 'No. 6 Road, Shanghai, China'],
    });
    expect(cell(lines.with(1, 'Sun Yard, Pudong, China.')).doubts).toEqual(['address-unclear']);
    expect(cell(['Acme LLC, No. 5 Road, Kyiv, Ukraine', '03057.']).addresses).toEqual([
      'No. 5 Road, Kyiv, Ukraine 03057',
    ]);
  });

  it.each([
    ['1 Road, Wuhan, China. See also the entry under Iran.'],
    ['1 Road, Wuhan, China.', 'See also the entry under Iran.'],
  ])('keeps a note that points at an entry apart: %s', (...lines) => {
    const { addresses, seeAlso, doubts } = readIdentity(
      [`Acme LLC, ${lines[0]}`, ...lines.slice(1)],
      'Acme LLC',
    );
    expect({ addresses, seeAlso, doubts }).toEqual({ addresses: [ROAD], seeAlso: ['Iran'], doubts: [] });
  });

  it.each([
    'Beta LLC, No. 6 Road, Shanghai, China.',
    'For all items subject to the EAR. (See § 744.11 of the EAR)',
    'Presumption of denial.',
    'See also the entry for Beta under Iran.',
  ])('with %s behind its address is held', (line) => {
    const { doubts } = cell(['Acme LLC, 1 Road, Wuhan, China.', line]);
    expect(doubts).toContain('address-unclear');
  });

  it.each([
    ['—Acme Academy. Main Road, Perm, Perm Krai, Russia.', 'Acme Academy'],
    ['—Acme Two, Main Road 7, Perm, Russia 614000.', 'Acme Two'],
    ['—Acme Two, 7150 Rue Main, Montreal, QC, H8N 2Z6 Canada.', 'Acme Two'],
    ['—Acme Two. d. 5 korp. 1 litera A, Perm, Russia.', 'Acme Two'],
  ])('cuts the address off where print shows that it begins: %s', (item, alias) => {
    const { aliases, addresses, doubts } = readIdentity(
      ['Acme LLC, a.k.a., the following one alias:', item],
      'Acme LLC',
    );
    expect({ aliases, doubts }).toEqual({ aliases: [alias], doubts: [] });
    expect(addresses).toEqual([item.slice(alias.length + 3, -1)]);
  });

  it.each([
    'Acme Tower 1, 9th Floor, Perm, Russia',
    'Acme Two, Perm, Russia',
    'Acme-70, (Address: P.O. Box 245, Perm, Russia); and any institutes there',
  ])('keeps %s whole as an alias, and says so', (item) => {
    const { aliases, addresses, doubts } = readIdentity(
      ['Acme LLC, a.k.a., the following one alias:', `—${item}.`],
      'Acme LLC',
    );
    expect({ aliases, addresses }).toEqual({ aliases: [item], addresses: [] });
    expect(doubts.map(({ code, holds }) => [code, holds])).toEqual([['address-in-alias', false]]);
  });

  it('keeps a semicolon within an item, and says so', () => {
    const { aliases, doubts } = readIdentity(
      ['Acme LLC, a.k.a., the following two aliases:', '—A; Two; and; and', '—B).', '1 Road, Wuhan, China.'],
      'Acme LLC',
    );
    expect(aliases).toEqual(['A; Two', 'B']);
    expect(doubts.map(({ code, holds }) => [code, holds])).toEqual([['alias-unclear', false]]);
  });

  it('keeps the stop of a word that has a separator behind it', () => {
    const lines = ['—Acme Tech.; and', '—Acme Sci.', '1 Road, Wuhan, China.'];
    expect(cell(['Acme LLC, a.k.a., the following two aliases:', ...lines]).aliases).toEqual([
      'Acme Tech.',
      'Acme Sci',
    ]);
    expect(cell(['Acme LLC (f.k.a., Old Acme Tech.; and Acme Sci.), 1 Road, Wuhan, China.']).aliases).toEqual(
      ['Old Acme Tech.', 'Acme Sci'],
    );
  });

  it.each([
    ['(See alternate address(es) under Iran.)', ['Iran']],
    [
      'See alternate addresses under China, People’s Republic of, and Hong Kong.',
      ['China, People’s Republic of', 'Hong Kong'],
    ],
    ['(See alternate address under the entry for Turkey).', ['Turkey']],
    ['(See additional address in Canada)', ['Canada']],
    ['(See alternate addresses under Crimea (Occupied)).', ['Crimea (Occupied)']],
    ['(See also addresses in the United Arab (Emirates).', ['United Arab Emirates']],
  ])('keeps the note %s apart in all its forms', (note, places) => {
    const { addresses, seeAlso } = readIdentity([`Acme LLC, 1 Road, Wuhan, China. ${note}`], 'Acme LLC');
    expect({ addresses, seeAlso }).toEqual({ addresses: [ROAD], seeAlso: places });
  });

  it('does not cut a name at a comma of its series, and says where a place may belong to it', () => {
    expect(
      readIdentity([
        'Research Institute of Physical, Technical and Radio Engineering Measurements, Village 1, Russia.',
      ]).name,
    ).toBe('Research Institute of Physical, Technical and Radio Engineering Measurements');
    const { doubts } = readIdentity([
      '48th Central Scientific Research Institute, Sergiev Posad, 11 Street, Russia.',
    ]);
    expect(doubts.map(({ code, holds }) => [code, holds])).toEqual([['name-end', false]]);
  });
});
