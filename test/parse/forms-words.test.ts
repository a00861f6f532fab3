import { describe, expect, it } from 'vitest';
import { sayOrders } from '../helpers/say-orders.ts';

describe('words of an entry', () => {
  it.each([
    {
      said: ['alter IR Acme: “Alpha” > “Beta” in any field'],
      of: [
        'by replacing “Alpha” with “Beta” in the entry for “Acme” under IRAN.',
        'under IRAN, by replacing “Alpha” with “Beta”, in the entry for “Acme”.',
        'by replacing “Alpha” with “Beta” for the entry for “Acme” under IRAN.',
        'by replacing “Alpha” with “Beta” from the entry for “Acme” under IRAN.',
        'by replacing “Alpha” with “Beta” within the entry for “Acme” under IRAN.',
        'by replacing “Alpha” with “Beta” of the entry for “Acme” under IRAN.',
        'under IRAN, in the entry for “Acme”, by replacing “Alpha” with “Beta”.',
        'under IRAN, in the entry for “Acme”, by substituting “Beta” for “Alpha”.',
        'under IRAN, in the entry for “Acme”, by substituting the word “Beta” for the word “Alpha”.',
        'under IRAN, by replacing “Alpha” in the entry for “Acme” with “Beta”.',
        'under IRAN, by replacing “Alpha”, in the entry for “Acme”, with “Beta”.',
        'under IRAN, by replaced “Alpha” in the entry for “Acme” with “Beta”.',
        'by removing “Alpha”, in the entry for “Acme” under IRAN, and by adding “Beta” in its place.',
        'by removing “Alpha” of the entry for “Acme” under IRAN and adding “Beta” in its place.',
        'by removing “Alpha” and adding in its place “Beta” in the entry for “Acme” under IRAN.',
        'under IRAN, in the entry for “Acme”, by removing “Alpha” and adding “Beta” in its place.',
        'under IRAN, in the entry for “Acme”, by removing “Alpha,” and adding, in its place, “Beta”.',
        'under IRAN, in the entry for “Acme”, by Deleting “Alpha” and Inserting “Beta” In Lieu Thereof.',
        'under IRAN, in the entry for “Acme”, by deleting the word “Alpha” and substituting the word “Beta” instead.',
        'under IRAN, by striking “Alpha” in the entry for “Acme” and substituting “Beta” instead.',
        'under IRAN, in the entry for “Acme”, by changing “Alpha” to the name “Beta”.',
        'by revising every reference to “Alpha” with “Beta” in the entry for “Acme” under IRAN.',
      ],
    },
    {
      said: ['alter IR Acme: “Alpha” > “Beta” in aliases'],
      of: [
        'under IRAN, in the entry for “Acme”, by replacing the alias “Alpha” by “Beta”.',
        'under IRAN, in the entry for “Acme”, by changing the alias “Alpha” to “Beta”.',
      ],
    },
    {
      said: ['alter IR Acme: “a b” > “c d” in any field'],
      of: [
        'under IRAN, in the entry for “Acme”, by replacing the words “a b” with the words “c d”.',
        'under IRAN, in the entry for “Acme”, by replacing the phrase “a b”, with “c d”.',
        'under IRAN, in the entry for “Acme”, by replacing the terms “a b” to read “c d”.',
      ],
    },
    {
      said: ['held unsupported-verb: the instruction says “substituting”, and not in a form that is read'],
      of: ['under IRAN, in the entry for “Acme”, by substituting “Beta” with “Alpha”.'],
    },
    {
      said: ['alter IR Acme + Bolt: “Alpha” > “Beta” in any field'],
      of: [
        'under IRAN, by replacing “Alpha” of the entries for “Acme” and “Bolt” to read “Beta”.',
        'by removing “Alpha” from the entries for “Acme” and “Bolt” under IRAN and adding “Beta” in its place.',
      ],
    },
    {
      said: ['alter IR Acme: “1 Road” > “2 Road” in addresses'],
      of: [
        'under IRAN, in the entry for “Acme”, by removing the address “1 Road” and adding the address “2 Road” in its place.',
      ],
    },
    {
      said: ['alter IR Acme: “10” > “11” in any field'],
      of: ['under IRAN, in the entry for “Acme”, by removing the number “10” and adding “11” in its place.'],
    },
    {
      said: ['alter IR Acme: “Alpha” > “Beta” in addresses'],
      of: [
        'under IRAN, in the entry for “Acme”, in the address, by removing “Alpha” and adding “Beta” in its place.',
      ],
    },
    {
      said: ['alter IR Alpha + Acme: “Alpha” > “Beta” in any field'],
      of: [
        'under IRAN, by removing “Alpha” and adding “Beta” in its place in the entries for “Alpha” and “Acme”.',
      ],
    },
    {
      said: ['alter CN Alpha: “Alpha” > “Beta” in any field', 'alter IR Acme: “Alpha” > “Beta” in any field'],
      of: [
        'under IRAN, by removing “Alpha” and adding “Beta” in its place in the entry for “Alpha” under CHINA and the entry for “Acme” under IRAN.',
      ],
    },
    {
      said: ['alter IR Acme: “Acme” > “Acme Ltd.” in aliases'],
      of: [
        'under IRAN, by removing the alias “Acme” and adding “Acme Ltd.” in its place in the entry for “Acme”.',
      ],
    },
  ])('give way to others in the entries that are named: $said', ({ said, of }) => {
    for (const text of of) expect(sayOrders(text), text).toEqual(said);
  });

  it.each(['under IRAN, in the entry for “Acme”, by revising the alias “Alpha” to read “Beta”.'])(
    'give way to others in the entries that are named, in words not wholly read, hold: %s',
    (text) => {
      expect(sayOrders(text)).toContainEqual(expect.stringMatching(/^held /u));
    },
  );

  it.each([
    {
      said: ['replace everywhere: “§ 746.5” > “§ 746.8” in any field'],
      of: [
        'by replacing “§ 746.5” with “§ 746.8” wherever it appears.',
        'by replacing “§ 746.5” with “§ 746.8” everywhere the phrase appears in the Entity List.',
        'by replacing “§ 746.5” with “§ 746.8” in each place they occur.',
        'by replacing “§ 746.5” with “§ 746.8”, throughout this supplement.',
        'by replacing “§ 746.5” with “§ 746.8” for all entries.',
        'by removing “§ 746.5” throughout the table and adding “§ 746.8” in its place.',
        'by revising all references to “§ 746.5” to read “§ 746.8”.',
        'by revising all references to “§ 746.5” to read as “§ 746.8”.',
        'by correcting every reference to “§ 746.5” by “§ 746.8”.',
        'by replacing each references to “§ 746.5” with “§ 746.8”.',
      ],
    },
    {
      said: ['replace everywhere: “§ 746.5” > “§ 746.8” in licenseRequirement'],
      of: ['by replacing “§ 746.5” with “§ 746.8” in the license requirement column.'],
    },
    {
      said: ['replace everywhere: “§ 746.5” > “§ 746.8” in licenseReviewPolicy'],
      of: ['by replacing “§ 746.5” with “§ 746.8” in the “License Review Policy” column.'],
    },
    {
      said: ['replace CN: “Wuhn” > “Wuhan” in any field'],
      of: ['by replacing “Wuhn” with “Wuhan” in the entity column of the table under CHINA.'],
    },
    {
      said: ['replace everywhere: “Wuhn” > “Wuhan” in any field'],
      of: ['by replacing “Wuhn” with “Wuhan” in the “Entity” column.'],
    },
    {
      said: ['replace everywhere: “Wuhn” > “Wuhan” in addresses'],
      of: ['by replacing “Wuhn” with “Wuhan” in the address fields.'],
    },
    {
      said: ['replace everywhere: “Wuhn” > “Wuhan” in name'],
      of: ['by replacing “Wuhn” with “Wuhan” in the name column.'],
    },
    {
      said: ['replace RU: “§ 746.5” > “§ 746.8” in licenseRequirement'],
      of: [
        'by replacing “§ 746.5” with “§ 746.8” in the license requirement column wherever it appears under RUSSIA.',
      ],
    },
    {
      said: ['replace RU: “§ 746.5” > “§ 746.8” in any field'],
      of: [
        'by removing “§ 746.5” under RUSSIA wherever it appears and adding “§ 746.8” in its place.',
        'by replacing “§ 746.5” under RUSSIA with “§ 746.8” wherever it appears.',
        'by changing each reference to “§ 746.5” to “§ 746.8” under RUSSIA.',
      ],
    },
    {
      said: ['alter IR Acme: “a b” > “c d” in licenseRequirement'],
      of: [
        'under IRAN, in the license requirement column, by removing “a b” and adding “c d” in its place in the entry for “Acme”.',
      ],
    },
  ])(
    'give way to others wherever they stand, or in one column, or under one destination: $said',
    ({ said, of }) => {
      for (const text of of) expect(sayOrders(text), text).toEqual(said);
    },
  );

  it.each(['by amending all references to “§ 746.5”, to “§ 746.8”.'])(
    'give way to others wherever they stand, or in one column, or under one destination, in words not wholly read, hold: %s',
    (text) => {
      expect(sayOrders(text)).toContainEqual(expect.stringMatching(/^held /u));
    },
  );

  it.each([
    {
      said: ['held words-unplaced: words give way to others, and where is not said'],
      of: [
        'by replacing “§ 746.5” with “§ 746.8”.',
        'by removing “§ 746.5” and adding “§ 746.8” in its place.',
        'under IRAN, by replacing “of the EAR” with “of this part”.',
        'under IRAN, by replacing “(see below)” with “(see above)”.',
        'under IRAN, by replacing “Presumption of denial” with “Policy of denial”.',
        'under IRAN, by replacing “Licence required” with “License required”.',
        'under IRAN, by replacing “License required” with “Licence required”.',
        'under IRAN, by removing “All items subject to the Regulations” and adding “No items” in its place.',
        'under IRAN, by removing “Case-by-case review” and adding “Denial” in its place.',
        'under IRAN, by removing “Items on the CCL” and adding “Items” in its place.',
        'under IRAN, by removing the address “1 Road” and adding “2 Road” in its place.',
        'under IRAN, by deleting the word “Alpha” and inserting “Beta” in lieu thereof.',
        'under IRAN, in the license requirement column, by removing “a” and adding “b” in its place.',
      ],
    },
    {
      said: ['held unsupported-verb: the instruction says “replacing”, and not in a form that is read'],
      of: [
        'by replacing “§ 746.5” with “§ 746.8” in the “Something” column.',
        'under IRAN, in the entry for “Acme”, by replacing “Alpha”.',
        'under IRAN, in the entry for “Acme”, by replacing “Alpha” with nothing.',
        'under IRAN, in the entry for “Acme”, by replacing “Alpha” with “Beta” twice.',
      ],
    },
  ])('are held where it is not said in which entries they stand: $said', ({ said, of }) => {
    for (const text of of) expect(sayOrders(text), text).toEqual(said);
  });

  it.each([
    'under IRAN, in the entry for “Acme”, by removing “Alpha” and adding “Beta”.',
    'under IRAN, in the entry for “Acme”, by removing “Alpha” and adding nothing in its place.',
    'by revising some references to “§ 746.5” to read “§ 746.8”.',
    'by revising all references to “§ 746.5”.',
    'by revising all references to “§ 746.5” to read.',
  ])(
    'are held where it is not said in which entries they stand, in words not wholly read, hold: %s',
    (text) => {
      expect(sayOrders(text)).toContainEqual(expect.stringMatching(/^held /u));
    },
  );

  it.each([
    {
      said: ['alter IR Alpha: name = “Beta”'],
      of: [
        'under IRAN, by changing “Alpha” to “Beta”.',
        'under IRAN, by replacing “Alpha” with “Beta”.',
        'by replacing “Alpha” under IRAN with “Beta”.',
      ],
    },
    {
      said: ['alter IR Acme: name = “Acme Ltd.”'],
      of: [
        'under IRAN, by removing “Acme” and adding in its place “Acme Ltd.” in the entry for “Acme”.',
        'under IRAN, by removing the name “ACME” and adding “Acme Ltd.” in its place in the entry for “Acme”.',
        'under IRAN, by removing the name “Acme” and adding “Acme Ltd.” in its place.',
        'under IRAN, by removing the entry for “Acme” and adding an entry for “Acme Ltd.” in its place.',
        'by removing “Acme” under IRAN and adding “Acme Ltd.” in its place.',
      ],
    },
    {
      said: ['held destination-missing: entries are named without a destination: Acme'],
      of: ['by removing “Acme” and adding “Acme Ltd.” in its place.'],
    },
  ])('are the name of an entry where they are all that is named: $said', ({ said, of }) => {
    for (const text of of) expect(sayOrders(text), text).toEqual(said);
  });

  it.each([
    {
      said: [
        'alter IR Acme: name = “Acme Ltd.”',
        'alter IR Bolt: name = “Bolt Ltd.”',
        'alter IR Cog: name = “Cog Ltd.”',
      ],
      of: ['under IRAN, by renaming “Acme” as “Acme Ltd.”, “Bolt” as “Bolt Ltd.”, and “Cog” as “Cog Ltd.”.'],
    },
    {
      said: ['alter IR Acme: name = “Acme Ltd.”', 'alter IR Bolt: name = “Bolt Ltd.”'],
      of: [
        'under IRAN, by renaming “Acme” as “Acme Ltd.”; “Bolt” as “Bolt Ltd.”.',
        'under IRAN, by renaming the entry for “Acme” as “Acme Ltd.” and the entry for “Bolt” as “Bolt Ltd.”.',
        'under IRAN, by renaming the entry for “Acme” as “Acme Ltd.”; and an entry for “Bolt” as “Bolt Ltd.”.',
      ],
    },
    {
      said: ['alter IR Acme: name = “Acme Ltd.”'],
      of: [
        'under IRAN, by retitling the entity “Acme” to be “Acme Ltd.”.',
        'under IRAN, by redesignating the entry for “Acme” so as to now read: “Acme Ltd.”.',
        'under IRAN, by changing the name of the entity from “Acme” to “Acme Ltd.”.',
        'under IRAN, by changing the names of the entry from “Acme” to “Acme Ltd.”.',
        'under IRAN, by revising the name of the entry for “Acme” to read “Acme Ltd.”.',
        'under IRAN, by revising the name from “Acme” to “Acme Ltd.”.',
        'under IRAN, by changing an entity from “Acme” to “Acme Ltd.”.',
        'under IRAN, by changing the person from “Acme” to “Acme Ltd.”.',
        'under IRAN, by renaming the entry for “Acme” as the entity “Acme Ltd.”.',
        'under IRAN, by renaming the entry for “Acme” to the name “Acme Ltd.”.',
        'under IRAN, by renaming the entry for “Acme” as entry for “Acme Ltd.”.',
        'by renaming “Acme” as “Acme Ltd.” under IRAN.',
        'under CHINA, by renaming “Acme” as “Acme Ltd.” under IRAN.',
        'by renaming the entry for “Acme” under IRAN to read as follows: “Acme Ltd.”.',
        'under IRAN, in the entry for “Acme”, by revising the name to read “Acme Ltd.”.',
        'under IRAN, in the entry for “Acme”, by renaming as “Acme Ltd.”.',
      ],
    },
    {
      said: ['alter IR Acme: name = “Acmé”'],
      of: ['under IRAN, by correcting the spelling of the name of “Acme” to read “Acmé”.'],
    },
    {
      said: ['alter IR Acme: name = “Acme Ltd.”', 'remove IR Bolt'],
      of: [
        'under IRAN, by renaming “Acme” as “Acme Ltd.”; and removing “Bolt”.',
        'under IRAN, by renaming “Acme” as “Acme Ltd.” and by removing the entry for “Bolt”.',
      ],
    },
    {
      said: ['held unsupported-verb: the instruction says “renaming”, and not in a form that is read'],
      of: [
        'under IRAN, by renaming “Acme” as “Acme Ltd.” and the entry for “Bolt”.',
        'under IRAN, by renaming the entries for “Acme” and “Bolt” as “Cog”.',
        'under IRAN, by renaming the entry for “Acme” under IRAN and the entry for “Bolt” under IRAN as “Cog”.',
        'under IRAN, by renaming “Acme”.',
      ],
    },
    {
      said: ['held destination-missing: entries are named without a destination: Acme'],
      of: ['by renaming “Acme” as “Acme Ltd.”.'],
    },
  ])('rename entries, one or several: $said', ({ said, of }) => {
    for (const text of of) expect(sayOrders(text), text).toEqual(said);
  });

  it.each(['under IRAN, by amending the name for the person “Acme” to “Acme Ltd.”.'])(
    'rename entries, one or several, in words not wholly read, hold: %s',
    (text) => {
      expect(sayOrders(text)).toContainEqual(expect.stringMatching(/^held /u));
    },
  );

  it.each([
    {
      said: ['alter IR Acme: aliases -A One -A Two'],
      of: [
        'under IRAN, in the entry for “Acme”, by removing “A One” and “A Two”.',
        'under IRAN, by removing “A One”, “A Two” from the entry for “Acme”.',
      ],
    },
    {
      said: ['alter IR Acme: aliases -A One'],
      of: [
        'under IRAN, by removing “A One” under the entry for “Acme”.',
        'under IRAN, by deleting “A One”, within the entry for “Acme”.',
      ],
    },
    {
      said: ['alter IR Acme: addresses -1 Road'],
      of: ['under IRAN, in the entry for “Acme”, in the address, by removing “1 Road”.'],
    },
    {
      said: ['held part-of-entry: something is said of a name within an entry'],
      of: [
        'under IRAN, in the entry for “Acme”, by removing “subject to the EAR”.',
        'under IRAN, in the entry for “Acme”, by removing “A One” and “of the EAR”.',
      ],
    },
    {
      said: ['held part-of-entry: words go from an entry, and none take their place'],
      of: [
        'under IRAN, in the entry for “Acme”, in the license requirement, by removing “Alpha”.',
        'under IRAN, in the entry for “Acme”, in the name, by removing “Alpha”.',
      ],
    },
    {
      said: ['held unsupported-verb: the instruction says “striking”, and not in a form that is read'],
      of: ['under IRAN, by striking “Alpha” from the entry for “Acme”.'],
    },
  ])('go from the entry that is named, or hold: $said', ({ said, of }) => {
    for (const text of of) expect(sayOrders(text), text).toEqual(said);
  });
});
