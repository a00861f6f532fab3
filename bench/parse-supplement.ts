import { load } from 'cheerio';
import { readSupplement } from '../src/parse/supplement.ts';
import { admitXml } from '../src/parse/xml.ts';
import { readSupplementInput } from './inputs.ts';
import { compare, type Figure } from './measure.ts';

/** The whole supplement as eCFR prints it, from bytes to entries. */
export function benchParseSupplement(): Figure {
  const xml = readSupplementInput();
  const { entries } = readSupplement(admitXml(xml));
  const { ours, baseline } = compare(
    () => readSupplement(admitXml(xml)),
    () => load(xml.toString('utf8'), { xml: true }),
    15,
  );
  return {
    name: `a supplement of ${entries.length.toLocaleString('en-US')} entries, from bytes to entries`,
    milliseconds: ours,
    baseline: 'a bare cheerio load of the same bytes',
    baselineMilliseconds: baseline,
    ratio: ours / baseline,
    goal: null,
  };
}
