import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type AuditOptions, audit } from '../../src/audit.ts';
import { loadBaseline } from '../../src/baseline.ts';
import { startStandIn } from '../../src/demo/stand-in.ts';
import { ingest } from '../../src/ingest.ts';
import { type Issue, LIST_NAMES, type PlacedEntry } from '../../src/model.ts';
import { describeLedgerLine } from '../../src/render/audit-words.ts';
import { listIssues } from '../../src/store/issues.ts';
import type { TestDatabase } from './databases.ts';
import { openParts } from './parts.ts';
import { makeSmallRule, type SmallRuleOptions } from './small-rule.ts';
import { PLACES } from './write-rule/words.ts';
import { writeSupplement } from './write-supplement.ts';

/** The first day that the lists are known for. */
export const FROM = '2031-01-02';
const CODES = ['audit', 'drift', 'lag', 'pending', 'source'];

export function listed(name: string, fields: Partial<PlacedEntry> = {}): PlacedEntry {
  const country = fields.country ?? 'CN';
  return {
    list: 'entity-list',
    destination: PLACES[country]!.heading,
    country,
    name,
    aliases: [],
    addresses: ['No. 5 Test Road, Beijing, China'],
    seeAlso: [],
    licenseRequirement: 'For all items subject to the EAR. (See § 744.11 of the EAR)',
    licenseReviewPolicy: 'Presumption of denial',
    footnotes: [],
    citations: [{ volume: 84, page: 22963, on: '2019-05-21' }],
    ...fields,
  };
}

/** So many entries under China, each of another name. */
export const firms = (count: number, name = 'Firm'): PlacedEntry[] =>
  Array.from({ length: count }, (_, at) => listed(`${name} ${String(at + 1).padStart(3, '0')} Works`));

/** The entries of a rule that `makeSmallRule` writes. */
export const added = (names: readonly string[], startPage = 4100): PlacedEntry[] =>
  names.map((name) =>
    listed(name, {
      addresses: ['No. 1 Test Road, Beijing, China'],
      citations: [{ volume: 96, page: startPage + 2, on: '2031-03-04' }],
    }),
  );

/** Our lists as loaded, both sources over HTTP, and nights that pass; all of it is closed with the test. */
export async function openAudit(
  database: TestDatabase,
  baseline: readonly PlacedEntry[],
  doubts: readonly Issue[] = [],
) {
  await database.empty();
  const outbox = await mkdtemp(join(tmpdir(), 'elwatch-audit-'));
  const upstream = await startStandIn({ documents: [], supplements: [], today: '2033-12-31' });
  let now = `${FROM}T11:00:00.000Z`;
  const parts = openParts({ database, upstream, outbox, now: () => now });
  onTestFinished(async () => {
    await parts.email.close();
    await upstream.close();
    await rm(outbox, { recursive: true, force: true });
  });
  const lists = LIST_NAMES.filter((list) => baseline.some((entry) => entry.list === list));
  for (const list of lists)
    await loadBaseline(parts, {
      ...{ list, on: FROM, issues: [...doubts] },
      entries: baseline.filter((entry) => entry.list === list),
    });

  /** From this day on eCFR shows these entries, and it speaks of this day. */
  function showInEcfr(on: string, entries: readonly PlacedEntry[], notices: readonly string[] = []): void {
    for (const list of lists)
      upstream.addSupplement({ list, from: on, xml: writeSupplement(list, entries, notices) });
    upstream.upToDateAsOf = on;
  }
  showInEcfr(FROM, baseline);
  upstream.screened = baseline;

  async function issues(): Promise<string[]> {
    const open = await listIssues(parts.db, { open: true });
    return open
      .filter(({ code }) => CODES.includes(code.split('-')[0]!))
      .map(({ code, excerpt }) => `${code} ${excerpt}`)
      .sort();
  }
  /** Compares at 6:00 in Washington of a day, in winter time. */
  async function night(day: string, options: AuditOptions = {}) {
    now = `${day}T11:00:00.000Z`;
    const runs = await audit(parts, options);
    return {
      runs,
      outcomes: runs.map(({ source, outcome }) => `${source} ${outcome}`),
      codes: runs.flatMap(({ source, findings }) => findings.map(({ code }) => `${source} ${code}`)),
      ledger: runs.flatMap(({ source, ledger }) =>
        ledger.map((line) => `${line.number}: ${describeLedgerLine(source, line)}`),
      ),
      issues: await issues(),
    };
  }
  return {
    parts,
    upstream,
    showInEcfr,
    issues,
    night,
    setNow(instant: string) {
      now = instant;
    },
    /** A rule is printed and read here. */
    async print(options: SmallRuleOptions = {}) {
      const rule = makeSmallRule(options);
      upstream.addDocument(rule);
      const { document_number: number, publication_date: on } = rule.record;
      now = `${on}T14:00:00.000Z`;
      return ingest(parts, String(number), String(on));
    },
  };
}
