import { load } from 'cheerio';
import { verifyRule } from '../src/list/verify.ts';
import { readHead } from '../src/parse/head.ts';
import { readRule } from '../src/parse/rule.ts';
import { admitXml } from '../src/parse/xml.ts';
import { readRuleInput } from './inputs.ts';
import { compare, type Figure } from './measure.ts';

/** Bytes of the 70-entry rule to verified amendments, strict gate included. */
export function benchParseRule(): Figure {
  const { xml, record } = readRuleInput();
  const head = readHead(record);
  const { ours, baseline } = compare(
    () => verifyRule(readRule(admitXml(xml), head), null),
    () => load(xml.toString('utf8'), { xml: true }),
    60,
  );
  return {
    name: 'the 70-entry rule, from bytes to verified amendments',
    milliseconds: ours,
    baseline: 'a bare cheerio load of the same bytes',
    baselineMilliseconds: baseline,
    ratio: ours / baseline,
    goal: { text: 'at most 15 ms', reached: ours <= 15 },
  };
}
