import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import writeXlsxFile from 'write-excel-file/node';
import { answerCsl } from '../../src/demo/stand-in/csl.ts';
import { indexEntries } from '../../src/list/resolve.ts';
import { verifyRule } from '../../src/list/verify.ts';
import type { Entry } from '../../src/model.ts';
import { parseBounce } from '../../src/parse/bounce.ts';
import { readScreeningList } from '../../src/parse/csl.ts';
import { readFiling } from '../../src/parse/filing.ts';
import { readHead } from '../../src/parse/head.ts';
import { readRule } from '../../src/parse/rule.ts';
import { readSupplementBytes } from '../../src/parse/supplement-bytes.ts';
import { admitXml } from '../../src/parse/xml.ts';
import { compareNames } from '../../src/screen/compare-names.ts';
import { takeApart } from '../../src/source/bounce-mailbox.ts';
import { readFoundDocument } from '../../src/source/found-document.ts';
import { readWatchlist } from '../../src/watchlist/read-watchlist.ts';
import { measureFile } from '../../src/watchlist/spool.ts';
import {
  fixturePath,
  RULE_NUMBERS,
  readBaseline,
  readFixture,
  SHARED_DATA,
  withIds,
} from '../../test/helpers/fixtures.ts';
import { expectedAfter, SCRIPT } from '../../test/helpers/replay-script.ts';
import { BOUNCE_ADDRESS, VERP, writeBounce, writeComplaint } from '../../test/helpers/sample-bounces.ts';
import { originalOf, silentError } from '../../test/helpers/silent-error.ts';
import { writeSupplement } from '../../test/helpers/write-supplement.ts';

/** One kind of bytes that come from outside, and what reads them. */
export interface FuzzedReader {
  name: string;
  /** What is changed at random; as latin1 where it is no text. */
  samples: readonly string[];
  /** One change alone: of several, each may be what makes up for another. */
  isSlip?: boolean;
  /**
   * What came of it, in a word. Throws an ElwatchError where it is refused; any other error breaks the law, and so does
   * an answer that begins with “broken”.
   */
  read(text: string, sample: number): string | Promise<string>;
}

const xml = (path: string) => readFixture(path).toString();
const bytesOf = (text: string) => Buffer.from(text, 'latin1');

/** Every text of a rule that the project has, right ones and broken ones. */
const RULES: { text: string; record: unknown }[] = [
  ...RULE_NUMBERS.map((number) => ({
    text: xml(`rules/${number}/source.xml`),
    record: JSON.parse(xml(`rules/${number}/source.json`)) as unknown,
  })),
  ...readdirSync(fixturePath('broken'))
    .filter((name) => name.endsWith('.xml'))
    .map((name) => ({ text: xml(`broken/${name}`), record: null })),
  ...readdirSync(fixturePath('traps'))
    .flatMap((folder) => readdirSync(fixturePath(`traps/${folder}`)).map((name) => `traps/${folder}/${name}`))
    .filter((path) => /\/rule[^/]*\.xml$/u.test(path))
    .map((path) => ({ text: xml(path), record: null })),
];
const LIST: Entry[] = readBaseline();
const INDEX = indexEntries(LIST);

const rules: FuzzedReader = {
  name: 'rules',
  samples: RULES.map(({ text }) => text),
  read(text, sample) {
    const { record } = RULES[sample]!;
    const rule = readRule(admitXml(Buffer.from(text)), record === null ? null : readHead(record));
    return verifyRule(rule, INDEX).verdict;
  },
};

const NAMED = SCRIPT.map((act, at) => ({ act, at })).filter(({ act: { outcome } }) => outcome === 'applied');
const originals = new Map<number, ReturnType<typeof originalOf>>();

const slips: FuzzedReader = {
  name: 'slips in rules: another list in silence',
  samples: NAMED.map(({ act }) => Buffer.from(act.document.xml).toString()),
  isSlip: true,
  read(text, sample) {
    const { act, at } = NAMED[sample]!;
    const original =
      originals.get(sample) ?? originalOf(act.document, withIds(expectedAfter(SCRIPT.slice(0, at))));
    originals.set(sample, original);
    const error = silentError(original, { what: act.what, xml: text });
    return error === null ? 'the same, held or refused' : `broken: another list in silence: ${error}`;
  },
};

const ISSUES = ['FR-2016-04-15.xml', 'FR-2024-02-12.xml']
  .map((name) => join(SHARED_DATA ?? '/nonexistent', 'federal-register', name))
  .filter((path) => existsSync(path))
  .flatMap((path) => readFileSync(path, 'utf8').match(/<RULE>[\s\S]*?<\/RULE>/gu) ?? [])
  .filter((text) => text.length < 60_000)
  .slice(0, 12);

/** Rules of other agencies, which change no list whatever is done to them. */
const others: FuzzedReader = {
  name: 'rules of other agencies',
  samples: ISSUES,
  read(text) {
    const rule = readRule(admitXml(Buffer.from(text)), null);
    const { verdict } = verifyRule(rule, INDEX);
    const isSilent = verdict === 'verified' && rule.issues.length === 0 && rule.amendments.length > 0;
    return isSilent ? `broken: ${rule.amendments.length} amendments` : verdict;
  },
};

const filings: FuzzedReader = {
  name: 'filings on public inspection',
  samples: ['2025-05426', '2025-05427', '2031-00101'].map((name) => xml(`filings/${name}.txt`)),
  read(text) {
    const reading = readFiling(text, { title: 'Additions to the Entity List', type: 'Rule', filedAt: null });
    return reading.issues.length > 0 ? 'with issues' : 'read';
  },
};

const supplements: FuzzedReader = {
  name: 'printed supplements',
  samples: [writeSupplement('entity-list', LIST.slice(0, 25))].map((text) => String(text)),
  read(text) {
    return readSupplementBytes(Buffer.from(text)).issues.length > 0 ? 'with issues' : 'read';
  },
};

const csl = (form: 'csv' | 'json'): FuzzedReader => ({
  name: `the screening list as ${form.toUpperCase()}`,
  samples: [1, 2].map((round) =>
    answerCsl(new URL(`http://x/downloadable_consolidated_screening_list/v1/consolidated.${form}`), {
      ...{ entries: LIST.slice(0, 25), documents: [], round },
    })!.body.toString(),
  ),
  read: (text) => (readScreeningList(Buffer.from(text), form).nameless > 1 ? 'with nameless rows' : 'read'),
});

const records: FuzzedReader = {
  name: 'records of the API',
  samples: RULES.filter(({ record }) => record !== null).map(({ record }) => JSON.stringify(record)),
  read(text) {
    const record = parseJson(text);
    if (record === undefined) return 'no JSON';
    readFoundDocument(record);
    readHead(record);
    return 'read';
  },
};

const bounces: FuzzedReader = {
  name: 'reports on mail',
  samples: [
    writeBounce({
      to: VERP,
      recipients: [['Final-Recipient: rfc822; ana@example.net', 'Action: failed', 'Status: 5.1.1']],
    }),
    writeBounce({ to: BOUNCE_ADDRESS, whole: true, recipients: [['Action: delayed', 'Status: 4.2.2']] }),
    writeComplaint(),
  ],
  async read(text) {
    const mail = await takeApart(bytesOf(text));
    return mail === null ? 'unreadable' : parseBounce(mail, BOUNCE_ADDRESS).kind;
  },
};

const names: FuzzedReader = {
  name: 'names to screen',
  samples: [
    ...LIST.slice(0, 200).map(({ name }) => name),
    '北京理工大学',
    'Пермский пороховой завод',
    'NUDT (National University of Defense Technology)',
  ],
  read(text, sample) {
    const { score } = compareNames(text, names.samples[sample]!);
    return score >= 0 && score <= 1 ? 'scored' : `broken: a score of ${score}`;
  },
};

/** Files of counterparties, written to a folder of the run. */
async function watchlists(folder: string): Promise<FuzzedReader> {
  const rows = [
    ['id', 'name', 'alias', 'address', 'country', 'note'],
    ['7', 'Gone Tradings GmbH', 'GT', 'Hauptstr. 1, Berlin', 'DE', ''],
    ['8', '北京理工大学', '', 'Beijing', 'CN', '=1+1'],
    ['9', 'Quite "Another", Bakery', 'Q.A.B.; QAB', '', 'France', 'x'],
  ];
  const quote = (cell: string) => (/[",;\n]/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const csv = rows.map((cells) => cells.map(quote).join(',')).join('\r\n');
  const [head, ...rest] = rows;
  const json = JSON.stringify(
    rest.map((cells) => Object.fromEntries(cells.map((cell, at) => [head![at]!, cell]))),
  );
  const book = await writeXlsxFile(rows.map((cells) => cells.map((value) => ({ value })))).toBuffer();
  const path = join(folder, 'watchlist');
  return {
    name: 'watchlists (CSV, JSON, XLSX)',
    samples: [
      ...[csv, json, csv.replaceAll(',', ';')].map((text) => Buffer.from(text).toString('latin1')),
      Buffer.from(book).toString('latin1'),
    ],
    async read(text) {
      writeFileSync(path, bytesOf(text));
      const { faults } = await readWatchlist(await measureFile(path), { take: async () => undefined });
      return faults.count > 0 ? 'with faulty rows' : 'read';
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** All that reads what comes from outside without a store. `folder` is for files, and is the caller's. */
export async function fuzzedReaders(folder: string): Promise<FuzzedReader[]> {
  return [
    ...[rules, slips, ...(ISSUES.length > 0 ? [others] : []), filings, supplements],
    ...[csl('csv'), csl('json'), records, bounces, names, await watchlists(folder)],
  ];
}
