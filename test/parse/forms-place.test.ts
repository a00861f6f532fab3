import { describe, expect, it } from 'vitest';
import { sayOrders } from '../helpers/say-orders.ts';

describe('places of entries', () => {
  it.each([
    {
      said: ["alter HK Acme: to CN CHINA, PEOPLE'S REPUBLIC OF"],
      of: [
        'by moving the entry for “Acme” from HONG KONG to CHINA.',
        'by moving the entry for “Acme” from under HONG KONG to under CHINA.',
        'by relocating the entry for “Acme” under HONG KONG to CHINA.',
        'by moving the entry for “Acme” from HONG KONG, to CHINA.',
        'under HONG KONG, in the entry for “Acme”, by changing the destination to CHINA.',
        'under HONG KONG, by revising the destination of the entry for “Acme” to CHINA.',
        'under HONG KONG, by moving the entry for “Acme” to the heading for CHINA.',
        'by redesignating the entry for “Acme” under HONG KONG as an entry under CHINA.',
        'by moving the entry for “Acme” under HONG KONG into CHINA.',
        'by moving, from HONG KONG to CHINA, the entry for “Acme”.',
        'by relocating the entry for “Acme”, from the country heading of HONG KONG, to the country heading of CHINA.',
        'by moving the entry for “Acme” from being under HONG KONG to be under CHINA.',
        'under HONG KONG, by changing the headings of the entry for “Acme” to CHINA.',
        'under IRAN, by moving the entry for “Acme” from HONG KONG to CHINA.',
        '2. In supplement no. 4 to part 744, the entry for “Acme” under HONG KONG is moved to CHINA.',
      ],
    },
    {
      said: ["alter HK Acme + Bolt: to CN CHINA, PEOPLE'S REPUBLIC OF"],
      of: [
        'by moving from HONG KONG to CHINA the entries for “Acme” and “Bolt”.',
        'by transferring the entries for “Acme” and “Bolt” from the destination of HONG KONG to the destination of CHINA.',
        'under HONG KONG, by revising the country for the entries for “Acme” and “Bolt” to CHINA.',
        '2. In supplement no. 4 to part 744, the entries for “Acme” and “Bolt” are transferred from HONG KONG to CHINA.',
      ],
    },
    {
      said: ['held destination-missing: entries are named without a destination: Acme'],
      of: ['by moving the entry for “Acme” to CHINA.'],
    },
    {
      said: ['held unsupported-verb: the instruction says “moving”, and not in a form that is read'],
      of: [
        'by moving the entry for “Acme” from HONG KONG to ATLANTIS.',
        'by moving the entry for “Acme” from HONG KONG.',
        'by moving from HONG KONG to CHINA.',
        'by moving the entry for “Acme” under HONG KONG to CHINA at once.',
      ],
    },
    {
      said: ["alter HK Acme: to CN CHINA, PEOPLE'S REPUBLIC OF", 'remove IR Bolt'],
      of: [
        'by moving the entry for “Acme” from HONG KONG to CHINA and removing the entry for “Bolt” under IRAN.',
      ],
    },
    {
      said: ['alter IR Acme: name = “Acme Ltd.”'],
      of: ['2. In supplement no. 4 to part 744, the entry for “Acme” under IRAN is renamed as “Acme Ltd.”.'],
    },
    {
      said: ['replace everywhere: footnote 3 > 4, footnote 4 > 5'],
      of: ['2. In supplement no. 4 to part 744, footnotes 3 and 4 are redesignated as footnotes 4 and 5.'],
    },
  ])('entries that move: $said', ({ said, of }) => {
    for (const text of of) expect(sayOrders(text), text).toEqual(said);
  });

  it.each([
    {
      said: ["replace HK: to CN CHINA, PEOPLE'S REPUBLIC OF"],
      of: [
        'by moving all entries under HONG KONG to CHINA.',
        'by moving each existing entry listed under HONG KONG to CHINA.',
        'by moving all of the existing entries currently listed under the heading of HONG KONG to under CHINA.',
        'by transferring every entry listed under HONG KONG into CHINA.',
      ],
    },
    {
      said: ['held unsupported-verb: the instruction says “moving”, and not in a form that is read'],
      of: [
        'by moving all entries to CHINA.',
        'by moving all entries under HONG KONG.',
        'by moving all entries under HONG KONG to CHINA except one.',
      ],
    },
    {
      said: ["replace HK: to CN CHINA, PEOPLE'S REPUBLIC OF", 'heading remove HK HONG KONG'],
      of: ['by moving all the entries from HONG KONG to CHINA, and by removing the heading HONG KONG.'],
    },
  ])('all entries of a heading: $said', ({ said, of }) => {
    for (const text of of) expect(sayOrders(text), text).toEqual(said);
  });

  it.each([
    {
      said: ["alter HK Acme: to CN CHINA, PEOPLE'S REPUBLIC OF"],
      of: [
        'by removing the entry for “Acme” under HONG KONG and adding it under CHINA.',
        'by removing the entry for “Acme” under HONG KONG and placing the same entry under CHINA.',
        'by removing the entry for “Acme” under HONG KONG and inserting this entry under CHINA.',
        'by removing the entry for “Acme” under HONG KONG, and adding, in alphabetical order, the entry under CHINA.',
      ],
    },
    {
      said: ["alter HK Acme + Bolt: to CN CHINA, PEOPLE'S REPUBLIC OF"],
      of: [
        'by removing from HONG KONG the entries for “Acme” and “Bolt” and adding them to CHINA.',
        'by removing the entries for “Acme” and “Bolt” under HONG KONG, and by adding those entries, in alphabetical order, under CHINA.',
      ],
    },
    {
      said: ["alter HK Acme <removesAndAdds>: to CN CHINA, PEOPLE'S REPUBLIC OF"],
      of: [
        'by removing, from HONG KONG, the entry for “Acme” and adding, under CHINA, the entry for “Acme”.',
        'by removing the entry for “Acme” under HONG KONG and adding an entry for “Acme” under CHINA.',
      ],
    },
    {
      said: ['remove HK Acme', 'add CN Bolt'],
      of: ['by removing the entry for “Acme” under HONG KONG and adding the entry for “Bolt” under CHINA.'],
    },
    {
      said: ["alter HK Acme + Bolt <removesAndAdds>: to CN CHINA, PEOPLE'S REPUBLIC OF"],
      of: [
        'by removing the entries for “Acme” and “Bolt” under HONG KONG and adding entries for “Acme” and “Bolt” under CHINA.',
      ],
    },
    {
      said: ['remove HK Acme + Bolt', 'add CN Acme'],
      of: [
        'by removing the entries for “Acme” and “Bolt” under HONG KONG and adding the entry for “Acme” under CHINA.',
      ],
    },
  ])('entries that are removed and added elsewhere: $said', ({ said, of }) => {
    for (const text of of) expect(sayOrders(text), text).toEqual(said);
  });

  it.each([
    'by removing the entry for “Acme” under HONG KONG and adding it.',
    'by removing “Acme” under HONG KONG and adding it under CHINA.',
    'by deleting, under HONG KONG, “Acme”, and adding it under CHINA.',
    'by removing the entry for “Acme” under HONG KONG and adding the entry for “ACME”.',
    'by removing the entry for “Acme” under HONG KONG and adding it under CHINA for good.',
    'by removing the entries for “Acme” and “Bolt” under HONG KONG, and by adding those entries under CHINA in alphabetical order.',
    'by removing “Acme” under HONG KONG, and adding those entries below.',
    'by removing “Acme” under HONG KONG, adding those entries, and revising the entry for “Bolt” under CHINA.',
  ])('entries that are removed and added elsewhere, in words not wholly read, hold: %s', (text) => {
    expect(sayOrders(text)).toContainEqual(expect.stringMatching(/^held /u));
  });

  it.each([
    {
      said: ['military-end-user-list: remove IR Acme', 'add IR Acme'],
      of: ['by transferring the entry for “Acme” under IRAN from supplement no. 7 to supplement no. 4.'],
    },
    {
      said: ['unverified-list: remove RU Acme + Bolt', 'add RU Acme + Bolt'],
      of: [
        'under RUSSIA, by moving from supplement no. 6 to supplement no. 4 to part 744 the entries for “Acme” and “Bolt”.',
      ],
    },
    {
      said: ['held unsupported-verb: the instruction says “transferring”, and not in a form that is read'],
      of: [
        'under RUSSIA, by transferring the entry for “Acme” from supplement no. 7 to part 748 to supplement no. 4 to part 744.',
        'under RUSSIA, by transferring the entry for “Acme” from supplement no. 9 to supplement no. 4.',
        'under RUSSIA, by transferring the entry for “Acme” from supplement no. 7.',
        'under RUSSIA, by transferring the entry for “Acme” from supplement no. 7 to supplement no. 4 to part 746.',
        'under RUSSIA, by transferring the entry for “Acme” from supplements no. 6 and 7 to supplement no. 4.',
        'by transferring from supplement no. 7 to supplement no. 4.',
        'under RUSSIA, by transferring, the entry for “Acme” from supplement no. 7 to supplement no. 4 at once.',
      ],
    },
    {
      said: ['military-end-user-list: remove RU Acme', 'add RU Acme'],
      of: [
        'under RUSSIA, by transferring the entry for “Acme” from the table in supplement no. 7 to the table to supplement no. 4.',
        'under RUSSIA, by transferring the entry for “Acme” in supplement no. 7 to part 744 to supplement no. 4 to part 744.',
      ],
    },
    {
      said: ['held destination-missing: entries are named without a destination: Acme'],
      of: ['by transferring the entry for “Acme” from supplement no. 7 to supplement no. 4.'],
    },
  ])('entries that change lists: $said', ({ said, of }) => {
    for (const text of of) expect(sayOrders(text), text).toEqual(said);
  });

  it.each([
    {
      said: ['replace MK: to MK NORTH MACEDONIA'],
      of: [
        'by redesignating the heading MACEDONIA as NORTH MACEDONIA.',
        'by retitling a heading MACEDONIA to NORTH MACEDONIA.',
        'by replacing the heading “MACEDONIA” by “NORTH MACEDONIA”.',
      ],
    },
    {
      said: ['replace TR: to TR TÜRKIYE'],
      of: [
        'by renaming the destination of TURKEY as “TÜRKIYE”.',
        'by revising the heading for TURKEY to read as follows: “TÜRKIYE”.',
        'by revising the name of the destination TURKEY to now read as “TÜRKIYE”.',
      ],
    },
    {
      said: ['replace SZ: to SZ ESWATINI'],
      of: ['by revising the country name “Swaziland” to read “Eswatini”.'],
    },
    {
      said: ['replace CZ: to CZ CZECH REPUBLIC'],
      of: ['by replacing the destination heading “CZECHIA” with the heading “CZECH REPUBLIC”.'],
    },
    {
      said: ['held unknown-destination: “ATLANTIS” is no known destination'],
      of: ['by changing the heading “ATLANTIS” to “NEW ATLANTIS”.'],
    },
    { said: ['replace MM: to MM MYANMAR LAND'], of: ['by changing the heading “BURMA” to “MYANMAR LAND”.'] },
    {
      said: ['held unsupported-verb: the instruction says “redesignating”, and not in a form that is read'],
      of: ['by redesignating the heading MACEDONIA.'],
    },
    {
      said: ['replace TR: to MK NORTH MACEDONIA'],
      of: [
        'by changing the table heading for the destination of TURKEY to the destination of NORTH MACEDONIA.',
      ],
    },
    {
      said: ['held unsupported-verb: the instruction says “renaming”, and not in a form that is read'],
      of: [
        'by renaming the heading MACEDONIA as NORTH MACEDONIA quickly.',
        'by renaming MACEDONIA as NORTH MACEDONIA.',
      ],
    },
  ])('headings with another name: $said', ({ said, of }) => {
    for (const text of of) expect(sayOrders(text), text).toEqual(said);
  });

  it.each([
    {
      said: ['add KG Acme (1)', 'heading add KG KYRGYZSTAN'],
      of: ['by adding the destination of KYRGYZSTAN and one entry for “Acme”.'],
    },
    {
      said: ['add EE Acme (1)', 'heading add EE ESTONIA'],
      of: [
        'by adding the heading ESTONIA, and under ESTONIA, by adding an entry for “Acme”.',
        'by adding the heading “ESTONIA” to the table with one entry, “Acme”.',
        'by adding a new destination heading ESTONIA, along with an entry for “Acme”.',
        'by adding the heading ESTONIA including one entry, “Acme”.',
      ],
    },
    {
      said: ['heading add KG KYRGYZSTAN'],
      of: ['by adding, in alphabetical order, the destination of KYRGYZSTAN.'],
    },
    {
      said: ['heading add EE ESTONIA', 'heading add KG KYRGYZSTAN', 'heading add LV LATVIA'],
      of: ['by adding the destinations of ESTONIA, KYRGYZSTAN, and “LATVIA”.'],
    },
    {
      said: ['heading add EE ESTONIA', 'heading add KG KYRGYZSTAN'],
      of: ['by adding headings for ESTONIA and KYRGYZSTAN in the destination column.'],
    },
    {
      said: ['held unknown-wording: words of the instruction were not understood: ESTONIA'],
      of: [
        'by adding ESTONIA.',
        'by adding the following new destinations: ESTONIA.',
        'by adding ESTONIA as a new heading.',
      ],
    },
    {
      said: ['held destination-missing: entries are named without a destination'],
      of: ['by adding the heading “ATLANTIS”.'],
    },
    {
      said: ['heading remove LV LATVIA'],
      of: [
        'by removing the heading for LATVIA.',
        'by removing and reserving the heading LATVIA.',
        'by removing the table heading for the country of LATVIA from the table.',
      ],
    },
    {
      said: ['remove LV Acme', 'heading remove LV LATVIA'],
      of: ['by removing the destination of LATVIA and the entry for “Acme”.'],
    },
    {
      said: ['remove HK A Co. + B Co. (2)', 'heading remove HK HONG KONG'],
      of: ['by deleting the heading HONG KONG and the two entries under it, “A Co.” and “B Co.”.'],
    },
    {
      said: ['held unknown-wording: words of the instruction were not understood: ESTONIA quickly'],
      of: ['by adding the heading ESTONIA quickly.'],
    },
    {
      said: ['add EE Acme + Bolt (2)', 'heading add EE ESTONIA'],
      of: ['by adding the country of ESTONIA with two entries, “Acme” and “Bolt”.'],
    },
    {
      said: ['heading add EE ESTONIA', 'heading add LV LATVIA'],
      of: ['by adding two headings for ESTONIA and LATVIA.'],
    },
    { said: ['heading add EE ESTONIA'], of: ['by adding the destination ESTONIA to the country column.'] },
    {
      said: ['add EE Acme', 'heading add EE ESTONIA'],
      of: [
        'by inserting, in alphabetical order, the heading ESTONIA to the Entity List together with the entry “Acme”.',
      ],
    },
    {
      said: ['add EE Acme (1)', 'heading add EE ESTONIA', 'heading add LV LATVIA'],
      of: ['by adding the headings ESTONIA, LATVIA and one entry under ESTONIA, “Acme”.'],
    },
  ])('headings that come and go: $said', ({ said, of }) => {
    for (const text of of) expect(sayOrders(text), text).toEqual(said);
  });

  it.each(['by deleting the destinations of LATVIA, and the heading of ESTONIA.'])(
    'headings that come and go, in words not wholly read, hold: %s',
    (text) => {
      expect(sayOrders(text)).toContainEqual(expect.stringMatching(/^held /u));
    },
  );
});
