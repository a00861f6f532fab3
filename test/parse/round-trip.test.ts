import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyRule } from '../../src/list/verify.ts';
import type { Amendment, Rule } from '../../src/model.ts';
import { readHead } from '../../src/parse/head.ts';
import { readRule } from '../../src/parse/rule.ts';
import { admitXml } from '../../src/parse/xml.ts';
import {
  altering,
  dated,
  plain,
  renaming,
  renumbering,
  replacing,
  style,
} from '../helpers/write-rule/random.ts';
import { type Draft, type RuleToWrite, type WrittenRule, writeRule } from '../helpers/write-rule.ts';

const ON = '2031-01-06';

/** An amendment without its place in the document, or what a draft says it must be. */
type Said = Omit<Amendment, 'locator'>;

function said(amendment: Amendment | Draft): Said {
  const { action } = amendment;
  const printed = action === 'add' || action === 'revise';
  return {
    action,
    list: amendment.list,
    destination: amendment.destination,
    country: amendment.country,
    name: amendment.name,
    aliases: amendment.aliases ?? [],
    addresses: amendment.addresses ?? [],
    seeAlso: amendment.seeAlso ?? [],
    licenseRequirement: printed ? (amendment.licenseRequirement ?? '') : '',
    licenseReviewPolicy: printed ? (amendment.licenseReviewPolicy ?? '') : '',
    footnotes: amendment.footnotes ?? [],
    citations: printed ? (amendment.citations ?? []) : [],
    ...(amendment.target ? { target: amendment.target } : {}),
    ...(amendment.alter ? { alter: amendment.alter } : {}),
    ...(amendment.effectiveOn ? { effectiveOn: amendment.effectiveOn } : {}),
    ...(amendment.endsOn ? { endsOn: amendment.endsOn } : {}),
  };
}

const inOrder = (all: readonly Said[]) =>
  all
    .map((one) => [JSON.stringify([one.action, one.list, one.country, one.name]), one] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => one);

function read(written: WrittenRule): Rule {
  return readRule(admitXml(written.xml), readHead(written.record));
}

function expectSame(rule: RuleToWrite): Rule {
  const written = writeRule(rule);
  const found = read(written);
  const volume = written.record.volume as number;
  const wanted = (rule.amendments ?? []).map((one) =>
    said({
      ...one,
      citations: [
        ...(one.citations ?? []),
        ...(one.action === 'add' || one.action === 'revise'
          ? [{ volume, page: written.pages[one.list]!, on: rule.publishedOn }]
          : []),
      ],
    }),
  );
  expect(found.issues.filter((issue) => issue.holds)).toEqual([]);
  expect(inOrder(found.amendments.map(said))).toEqual(inOrder(wanted));
  const { verdict, checks } = verifyRule(found, null);
  expect(checks.filter((check) => check.status === 'fail')).toEqual([]);
  // A bulk change states no count to compare with.
  const counted = (rule.amendments ?? []).some(({ action }) => action !== 'replace');
  expect(verdict).toBe(counted ? 'verified' : 'unverified');
  return found;
}

const head = { number: '2031-77777', publishedOn: ON, startPage: 500 };

const FORMS: Record<string, fc.Arbitrary<Draft[]>> = {
  'entries are added, revised and removed on three lists': plain,
  'revised rows bear another name': renaming,
  'entries get another name': altering('name'),
  'entries move to another destination': altering('place'),
  'aliases come and go': altering('aliases'),
  'addresses come and go': altering('addresses'),
  'footnote designations come and go': altering('footnotes'),
  'license requirements get another text': altering('licenseRequirement'),
  'license review policies get another text': altering('licenseReviewPolicy'),
  'words of named entries give way to others': altering('words'),
  'words give way to others wherever they appear': replacing,
  'footnotes and headings get other numbers and names': renumbering,
  'instructions take effect on days of their own': dated,
};

describe('a rule written from random amendments reads back as it was meant', () => {
  for (const [form, drafts] of Object.entries(FORMS))
    it(`where ${form}`, () => {
      fc.assert(
        fc.property(drafts, style, (amendments, printed) => {
          expectSame({ ...head, amendments, style: printed });
        }),
      );
    });
});
