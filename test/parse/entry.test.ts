import { describe, expect, it } from 'vitest';
import { readIdentity, readPlainFootnotes } from '../../src/parse/entry.ts';

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
  });
});
