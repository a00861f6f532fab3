import { describe, expect, it } from 'vitest';
import { sayOrders } from '../helpers/say-orders.ts';

describe('parts of an entry', () => {
  it.each([
    {
      said: ['alter IR Acme: aliases +A One'],
      of: [
        'by adding the alias “A One” to the entry for “Acme” under IRAN.',
        'under IRAN, by adding an alias, “A One,” to the entry for “Acme”.',
        'under IRAN, by inserting, in alphabetical order, the a.k.a. “A One” under the entry for “Acme”.',
        'under IRAN, by adding the alias “A One” listed under the entry for “Acme”.',
      ],
    },
    {
      said: ['alter IR Acme: aliases +A One +A Two'],
      of: [
        'under IRAN, by adding two aliases (“A One” and “A Two”) to the entry for “Acme”.',
        'under IRAN, in the entry for “Acme”, by adding the following aliases: “A One”, “A Two”.',
        'under IRAN, by adding the alias “A One” and the alias “A Two” to the entry for “Acme”.',
        'under IRAN, by adding the aliases: “A One” and “A Two” to the entry for “Acme”.',
      ],
    },
    {
      said: ['revise IR Acme <partial>'],
      of: [
        'under IRAN, by removing six aliases from the entry for “Acme”.',
        'under IRAN, by adding the alias “A One” and an address to the entry for “Acme”.',
        'under IRAN, by adding a new alias for the entry for “Acme”.',
        'under IRAN, by adding an address for the entry for “Acme”.',
        'under IRAN, by adding one alias and one address to the entry for “Acme”.',
      ],
    },
    {
      said: ['alter IR Acme + Bolt: addresses +1 Road'],
      of: ['under IRAN, by adding an address, “1 Road,” to the entries for “Acme” and “Bolt”.'],
    },
    {
      said: ['alter IR Acme: addresses -1 Road -2 Road'],
      of: ['under IRAN, by deleting the addresses “1 Road”; and “2 Road” in the entry for “Acme”.'],
    },
    {
      said: ['alter IR Acme: aliases +A One, addresses +1 Road'],
      of: ['under IRAN, by adding to the entry for “Acme”, the alias “A One” and the address “1 Road”.'],
    },
    {
      said: ['alter IR Acme: aliases +A One', 'alter IR Acme: aliases -A Two'],
      of: [
        'under IRAN, in the entry for “Acme”, by adding the alias “A One”, and removing the alias “A Two”.',
      ],
    },
    {
      said: ['alter IR Acme: “A One” > “A Two” in aliases'],
      of: [
        'under IRAN, in the entry for “Acme”, by removing the alias “A One” and adding the alias “A Two” in its place.',
      ],
    },
    {
      said: ['alter IR Acme: addresses -1 Road -2 Road -3 Road'],
      of: [
        'under IRAN, in the entry for “Acme”, by removing the address “1 Road” and the addresses “2 Road” and “3 Road”.',
      ],
    },
    {
      said: ['held destination-missing: entries are named without a destination: Acme'],
      of: ['by adding the alias “A One” to the entry for “Acme”.'],
    },
    {
      said: ['alter IR Acme: aliases -A One'],
      of: [
        'under IRAN, by removing the alias “A One” of the person “Acme”.',
        'under IRAN, by removing an alias, “A One”, of the entry for “Acme”.',
      ],
    },
    {
      said: ['held part-of-entry: something is said of a name within an entry'],
      of: ['under IRAN, by removing the a.k.a.s “A One” and “A Two” from “Acme”.'],
    },
    {
      said: ['alter IR Acme: aliases +A One', 'revise IR Bolt'],
      of: [
        'under IRAN, by adding the alias name “A One” to the entry for “Acme” and revising the entry for “Bolt”.',
      ],
    },
    {
      said: [
        'alter IR Acme: aliases -A One',
        'alter IR Acme: aliases +A Two',
        'alter IR Acme: addresses -1 Road',
      ],
      of: [
        'under IRAN, in the entry for “Acme”, by removing the alias “A One”, by adding the alias “A Two”, and by removing the address “1 Road”.',
      ],
    },
  ])('aliases and addresses that are quoted or counted: $said', ({ said, of }) => {
    for (const text of of) expect(sayOrders(text), text).toEqual(said);
  });

  it.each([
    'under IRAN, by adding three aliases (“A One” and “A Two”) to the entry for “Acme”.',
    'under IRAN, by adding one alias (“A One” to the entry for “Acme”.',
    'under IRAN, by removing the alias “A One” associated with “Acme”.',
    'under IRAN, by adding an alias to the entry for “Acme” and an address to the entry for “Bolt”.',
    'under IRAN, by adding, to the entry for “Acme”, two addresses.',
    'under IRAN, by adding the alias “A One” to the entry for “Acme” at once.',
    'under IRAN, in the entry for “Acme”, by removing the address “1 Road” and inserting “2 Road” in lieu thereof.',
    'under IRAN, by adding an alias.',
  ])('aliases and addresses that are quoted or counted, in words not wholly read, hold: %s', (text) => {
    expect(sayOrders(text)).toContainEqual(expect.stringMatching(/^held /u));
  });

  it.each([
    {
      said: ['alter IR Acme: aliases -A One'],
      of: ['by revising the entry for “Acme” under IRAN by removing the alias “A One”.'],
    },
    {
      said: ['alter IR Acme: aliases +A One'],
      of: ['by revising the entry for “Acme” under IRAN to add the alias “A One”.'],
    },
    {
      said: ['alter IR Acme + Bolt: footnotes -4'],
      of: [
        'by modifying the entries for “Acme” and “Bolt” under IRAN, by removing the footnote 4 designation.',
      ],
    },
    {
      said: ['alter IR Acme: licenseRequirement = “For all items”'],
      of: [
        'under IRAN, by revising the license requirement for “Acme” to read “For all items”.',
        'under IRAN, in the entry for “Acme”, by revising the license requirement to read “For all items”.',
      ],
    },
    {
      said: ['alter IR Acme: licenseReviewPolicy = “Presumption of denial.”'],
      of: [
        'under IRAN, by revising the license review policy for the entry for “Acme” to read as follows: “Presumption of denial.”.',
      ],
    },
    {
      said: ['held part-of-entry: a part of an entry is to read so, and what it read before is not said'],
      of: [
        'under IRAN, by revising the address for “Acme” to read “1 Road”.',
        'under IRAN, by revising the license requirement and license review policy for “Acme” to read “For all items”.',
      ],
    },
    {
      said: ['revise IR Acme <partial>'],
      of: [
        'under IRAN, by revising the address of the entry for “Acme”.',
        'under IRAN, by revising the license requirement, license review policy, and address of the entry for “Acme”.',
        'under IRAN, by removing the license requirement for “Acme”.',
        'under IRAN, by revising the citation of the entry for “Acme”.',
        'under IRAN, by revising the spelling of “Acme”.',
        'under IRAN, by removing the address in the entry for “Acme”.',
      ],
    },
    {
      said: ['revise IR Acme <partial><renames>'],
      of: [
        'under IRAN, by revising the name and address of the entry for “Acme”.',
        'under IRAN, by revising the aliases and names for “Acme”.',
        'under IRAN, by modifying the alias names, the a.k.a.s and addresses of “Acme”.',
      ],
    },
    {
      said: ['alter IR Acme: “1 Road” > “2 Road” in addresses'],
      of: [
        'under IRAN, by revising the addresses for “Acme” by removing “1 Road” and adding “2 Road” in its place.',
      ],
    },
    {
      said: ['alter IR Acme: “a” > “b” in any field'],
      of: [
        'under IRAN, by revising the license requirement and the address for “Acme” by removing “a” and adding “b” in its place.',
      ],
    },
    {
      said: ['held destination-missing: entries are named without a destination: Acme'],
      of: ['by revising the license requirement for “Acme”.'],
    },
    {
      said: ['held part-of-entry: something is said of a name within an entry'],
      of: ['by amending the entry for “Acme” under IRAN by adding “A One”.'],
    },
    {
      said: ['alter IR Acme: “a b” > “c d” in any field'],
      of: ['by correcting the entry for “Acme” under IRAN by replacing the words “a b” with “c d”.'],
    },
    {
      said: ['alter IR Acme: licenseReviewPolicy = “Presumption of denial”'],
      of: [
        'under IRAN, by correcting the license review policy of “Acme”, to read: “Presumption of denial”.',
      ],
    },
    {
      said: ['alter IR Acme: name = “Acme Ltd.”'],
      of: ['under IRAN, by revising the name for “Acme” to read “Acme Ltd.”.'],
    },
    {
      said: ['revise IR Acme + Bolt <partial>'],
      of: ['under IRAN, by revising the license requirement for the entries for “Acme” and “Bolt”.'],
    },
    {
      said: ['alter IR Acme: “a b” > “c d” in licenseRequirement'],
      of: [
        'by revising the license requirement for the entry for “Acme” under IRAN, by replacing “a b” with “c d”.',
      ],
    },
  ])('a part that is named: $said', ({ said, of }) => {
    for (const text of of) expect(sayOrders(text), text).toEqual(said);
  });

  it.each([
    'by updating the entry for “Acme” under IRAN, to delete the footnote 4 designation.',
    'by revising the entry for “Acme” under IRAN by removing the colour.',
    'under IRAN, by revising “Acme” by removing the alias “A One”.',
  ])('a part that is named, in words not wholly read, hold: %s', (text) => {
    expect(sayOrders(text)).toContainEqual(expect.stringMatching(/^held /u));
  });

  it.each([
    {
      said: ['alter CN Acme + Bolt: footnotes +4'],
      of: ['under CHINA, by adding a footnote 4 designation to the entries for “Acme” and “Bolt”.'],
    },
    { said: ['alter CN Acme: footnotes +1 +4'], of: ['under CHINA, by adding footnotes 1 and 4 to “Acme”.'] },
    {
      said: ['alter CN Acme: footnotes +4'],
      of: [
        'under CHINA, by adding a reference to footnote 4 to the entry for “Acme”.',
        'under CHINA, by inserting the superscript footnote 4 for “Acme”.',
        'under CHINA, by adding the designation of footnote 4 to the entry for “Acme”.',
        'under CHINA, by adding the designation as a footnote 4 to the entry for “Acme”.',
      ],
    },
    {
      said: ['alter CN Acme: footnotes +1 +2 +3 +4'],
      of: ['under CHINA, by adding footnotes 1 through 4 to the entry for “Acme”.'],
    },
    {
      said: ['held footnotes-unclear: a footnote is put on entries or taken off, and not which one'],
      of: ['under CHINA, by adding footnotes 4 through 1 to the entry for “Acme”.'],
    },
    {
      said: ['alter CN Acme: footnotes -1'],
      of: ['under CHINA, by removing the footnote 1 designation from the entry for “Acme”.'],
    },
    {
      said: ['alter CN Acme: footnotes -1 -2 -3'],
      of: [
        'under CHINA, by removing footnotes 1, 2, and 3 from the entry for “Acme”.',
        'under CHINA, by removing footnotes 1–3 from “Acme”.',
        'under CHINA, by removing footnotes 1-3 from “Acme”.',
      ],
    },
    {
      said: ['alter CN Acme: footnotes +4 -1'],
      of: [
        'under CHINA, by removing the footnote 1 designation and adding a footnote 4 designation in its place for the entry for “Acme”.',
        'under CHINA, by removing footnote 1 from the entry for “Acme” and adding in its place footnote 4.',
        'under CHINA, in the entry for “Acme”, by removing footnote 1 and by adding footnote 4.',
        'under CHINA, by revising the footnote designation for “Acme” from footnote 1 to footnote 4.',
        'under CHINA, in the entry for “Acme”, by changing the footnote reference from 1 to 4.',
        'under CHINA, by removing footnote 1 from “Acme”, and adding footnote 4 in its place.',
        'under CHINA, by revising their footnote designations from footnote 1 to footnote 4 for “Acme”.',
      ],
    },
    {
      said: ['alter CN Acme + Bolt: footnotes +4 -1'],
      of: [
        'under CHINA, by changing the footnote designation from 1 to 4 for the entries for “Acme” and “Bolt”.',
      ],
    },
    {
      said: ['held destination-missing: entries are named without a destination: Acme'],
      of: ['by adding a footnote 4 designation to the entry for “Acme”.'],
    },
    {
      said: ['alter CN Acme: footnotes +1', 'alter CN Acme: footnotes +4'],
      of: ['under CHINA, in the entry for “Acme”, by adding footnote 1 and adding footnote 4.'],
    },
    {
      said: ['alter CN Acme: footnotes +10 +11'],
      of: ['under CHINA, by adding footnotes 10 and 11 to the entry for “Acme”.'],
    },
    {
      said: ['held unknown-wording: words of the instruction were not understood: footnote designation'],
      of: ['under CHINA, by revising the footnote designation from 1 to 4.'],
    },
    {
      said: ['alter CN Acme + Bolt: footnotes +1 +4'],
      of: ['under CHINA, by adding references to footnotes 1 and 4 to the entries for “Acme” and “Bolt”.'],
    },
    {
      said: ['alter CN Acme + Bolt: footnotes -1'],
      of: ['under CHINA, in the entries for “Acme” and “Bolt”, by removing the footnote 1 designations.'],
    },
  ])('footnotes on entries: $said', ({ said, of }) => {
    for (const text of of) expect(sayOrders(text), text).toEqual(said);
  });

  it.each([
    'under CHINA, by adding footnote designations 1 to “Acme”.',
    'under CHINA, by revising the footnote number for “Acme”.',
    'under CHINA, by adding a footnote 4 designation to the entry for “Acme” today.',
    'under CHINA, by adding a footnote 4 designation.',
  ])('footnotes on entries, in words not wholly read, hold: %s', (text) => {
    expect(sayOrders(text)).toContainEqual(expect.stringMatching(/^held /u));
  });

  it.each([
    {
      said: ['alter CN Acme + Bolt: footnotes +4'],
      of: ['under CHINA, by designating the entries for “Acme” and “Bolt” as footnote 4 entities.'],
    },
    {
      said: ['alter CN Acme: footnotes +3', 'alter RU Bolt: footnotes +3'],
      of: [
        'by designating the entries for “Acme” under CHINA and “Bolt” under RUSSIA with a footnote 3 designation.',
      ],
    },
    {
      said: ['held unsupported-verb: the instruction says “designating”, and not in a form that is read'],
      of: [
        'under CHINA, by designating “Acme” as footnote 4 entities.',
        'under CHINA, by designating the entry for “Acme” as new.',
        'under CHINA, by designating the entry for “Acme” as a footnote 4 entry as well.',
      ],
    },
    {
      said: ['alter CN Acme: footnotes +4'],
      of: [
        'under CHINA, by designating the entry for “Acme” with footnote 4.',
        'under CHINA, in the entry for “Acme”, by designating as a footnote 4 entity.',
      ],
    },
    {
      said: ['held destination-missing: entries are named without a destination: Acme'],
      of: ['by designating the entry for “Acme” as a footnote 4 entity.'],
    },
  ])('entries that a footnote makes their own: $said', ({ said, of }) => {
    for (const text of of) expect(sayOrders(text), text).toEqual(said);
  });

  it.each([
    {
      said: ['replace everywhere: footnote 3 > 4, footnote 4 > 5'],
      of: [
        'by redesignating footnotes 3 and 4 as footnotes 4 and 5.',
        'by redesignating the footnotes 3 and 4 in the table as new footnotes 4 and 5.',
        'by redesignating footnotes 3, and 4 as footnotes 4, and 5.',
      ],
    },
    {
      said: ['replace everywhere: footnote 3 > 5'],
      of: ['by renumbering existing footnote 3 as new footnote 5.'],
    },
    {
      said: ['replace everywhere: footnote 3 > 4, footnote 4 > 5, footnote 5 > 6'],
      of: [
        'by redesignating footnotes 3 through 5 to the table as footnotes 4 through 6, respectively.',
        'by redesignating footnotes 3, 4 and 5 as 4, 5 and 6.',
        'by redesignating footnotes 3–5 as footnotes 4–6.',
      ],
    },
    {
      said: ['held footnotes-unclear: footnotes are renumbered, and their numbers do not pair'],
      of: [
        'by redesignating footnotes 3 and 4 as footnote 5.',
        'by redesignating footnotes 3 and 4 as footnotes 5 and 5.',
        'by redesignating footnotes 4 and 4 as footnotes 5 and 6.',
        'by redesignating footnotes 5 through 3 as footnotes 4 through 6.',
      ],
    },
    {
      said: ['replace everywhere: footnote 3 > 4'],
      of: [
        'by redesignating footnote 3 of this supplement to footnote 4.',
        'by redesignating footnotes 3 through 3 as footnote 4.',
        'under CHINA, by redesignating footnote 3 as footnote 4.',
      ],
    },
    {
      said: ['held unsupported-verb: the instruction says “redesignating”, and not in a form that is read'],
      of: ['by redesignating footnote 3 as footnote 4 everywhere.', 'by redesignating footnote 3.'],
    },
  ])('footnotes that get other numbers: $said', ({ said, of }) => {
    for (const text of of) expect(sayOrders(text), text).toEqual(said);
  });

  it.each([
    {
      said: ['noted footnote-text: the text of footnote 6 changes, and no entry'],
      of: [
        'by adding footnote 6 to the table.',
        'by adding, in numerical order, new footnote 6 at the end of the table.',
        'by adding footnote 6 to supplement no. 4 to part 744 to read as follows:',
        'by inserting the text of footnote 6 following the table.',
      ],
    },
    {
      said: ['noted footnote-text: the text of footnote 1 changes, and no entry'],
      of: [
        'by revising footnote 1 to the table to read as follows:',
        'by correcting footnote 1 to the end of the table.',
      ],
    },
    {
      said: ['held footnote-removed: a footnote is removed, and of its entries nothing is said'],
      of: [
        'by removing footnote 2 from the table.',
        'by removing footnote 2 to the table.',
        'by deleting footnotes 2 and 3 of this supplement.',
      ],
    },
    {
      said: ['noted footnote-text: the text of footnote 1 and 2 changes, and no entry'],
      of: [
        'by revising the text of footnotes 1 and 2 below the table.',
        'by revising footnotes 1 and 2 to the Entity List to read as follows:',
      ],
    },
    {
      said: ['held unknown-wording: words of the instruction were not understood: footnote soon'],
      of: ['by revising footnote 1 soon.'],
    },
    {
      said: ['held unknown-wording: words of the instruction were not understood: footnote'],
      of: ['by amending footnote 1 in this table.'],
    },
  ])('footnotes below the table: $said', ({ said, of }) => {
    for (const text of of) expect(sayOrders(text), text).toEqual(said);
  });
});
