import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { load } from 'cheerio';
import { verifyRule } from '../src/list/verify.ts';
import { readHead } from '../src/parse/head.ts';
import { sliceIssue } from '../src/parse/issue-slice.ts';
import { readRule } from '../src/parse/rule.ts';
import { admitXml } from '../src/parse/xml.ts';
import { FIXTURES, readRuleInput, SHARED } from './inputs.ts';
import { compare, type Figure } from './measure.ts';

const NUMBER = '2025-05426';
const ISSUE_BYTES = 3_000_000;

/**
 * One document out of a whole issue: looking for it, cutting it out and the strict gate; and the same with the reading
 * and verifying of the rule, which is the same for whatever has the text and has a figure of its own. The issue is a
 * real one where the shared data is at hand, with the 70-entry rule of March 2025 set into its rules; else it is made
 * of the fixtures.
 */
export function benchWholeIssue(): Figure[] {
  const { xml, record } = readRuleInput();
  const head = readHead(record);
  const real = new URL('federal-register/FR-2016-04-15.xml', SHARED);
  const isReal = existsSync(real);
  const issue = isReal
    ? Buffer.from(readFileSync(real, 'utf8').replace('</RULES>', () => `${bare(xml)}</RULES>`))
    : makeIssue(xml);
  const admitOne = () => admitXml(sliceIssue(issue, NUMBER));
  const readOne = () => verifyRule(readRule(admitOne(), head), null);
  if (readOne().verdict !== 'verified') throw new Error(`${NUMBER} is not verified out of the issue`);
  const megabytes = (issue.byteLength / 1e6).toFixed(1);
  const of = `the 70-entry rule out of ${isReal ? 'a real' : 'a made'} issue of ${megabytes} MB`;
  const figure = (
    name: string,
    { ours, baseline }: { ours: number; baseline: number },
  ): Omit<Figure, 'goal'> => ({
    ...{ name, milliseconds: ours, baseline: 'a bare cheerio load of the same issue' },
    ...{ baselineMilliseconds: baseline, ratio: ours / baseline },
  });
  const whole = () => load(issue.toString('utf8'), { xml: true });
  const cut = figure(`${of}, through the gate`, compare(admitOne, whole, 15));
  return [
    { ...cut, goal: { text: 'at most 0.25 of the load', reached: cut.ratio! <= 0.25 } },
    { ...figure(`${of}, to verified amendments`, compare(readOne, whole, 15)), goal: null },
  ];
}

/** An issue of rules of the fixtures, again and again under other numbers, with the wanted one in its middle. */
function makeIssue(wanted: Buffer): Buffer {
  const folder = new URL('rules/', FIXTURES);
  const others = readdirSync(folder)
    .filter((name) => /^\d{4}-\d{5}$/u.test(name))
    .map((name) => bare(readFileSync(new URL(`${name}/source.xml`, folder))))
    .filter((text) => text.includes('<FRDOC>'));
  const rules: string[] = [];
  for (let at = 0, size = 0; size < ISSUE_BYTES - wanted.byteLength; at += 1) {
    const other = others[at % others.length]!.replace(
      /<FRDOC>[^<]*/u,
      `<FRDOC>[FR Doc. 2099-${String(at).padStart(5, '0')} Filed 3-25-25; 8:45 am]`,
    );
    rules.push(other);
    size += Buffer.byteLength(other);
  }
  rules.splice(Math.floor(rules.length / 2), 0, bare(wanted));
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<FEDREG><RULES>${rules.join('\n')}</RULES></FEDREG>`,
  );
}

/** The element alone, as an issue has it. */
const bare = (xml: Buffer) => xml.toString('utf8').replace(/^\s*<\?.*?\?>\s*/u, '');
