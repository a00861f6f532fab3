import type { Rule } from '../model.ts';
import { compareWithFiling } from '../parse/filing-differences.ts';
import { closeFiling, findOpenFiling } from '../store/filings.ts';
import type { Transaction } from './outcome.ts';

/**
 * Ends the filing of a document that is published and applied: it is confirmed, or corrected where the document
 * says something else. Answers the differences, one sentence each; none where nobody was told of a filing.
 */
export async function endFiling(tx: Transaction, number: string, rule: Rule, at: string): Promise<string[]> {
  const filing = await findOpenFiling(tx, number);
  if (filing === null) return [];
  const differences = [...filing.differences, ...compareWithFiling(filing.reading, rule)];
  await closeFiling(tx, number, differences.length > 0 ? 'corrected' : 'confirmed', at);
  return differences;
}
