import { ElwatchError } from '../../src/errors.ts';
import { applyAmendments } from '../../src/list/apply.ts';
import { indexEntries } from '../../src/list/resolve.ts';
import { verifyRule } from '../../src/list/verify.ts';
import type { Entry, Rule } from '../../src/model.ts';
import { readHead } from '../../src/parse/head.ts';
import { readRule } from '../../src/parse/rule.ts';
import { admitXml } from '../../src/parse/xml.ts';
import type { Slip } from './tamper.ts';

/**
 * What may not come out differently without a word: verbs, destinations and names. An entry that is only named,
 * not printed, is the one on the list, however the instruction spells it.
 */
function essence({ amendments, headings }: Rule, list: readonly Entry[]): string[] {
  const changes = applyAmendments(list, amendments, {
    effectiveOn: '2031-01-01',
    newId: ({ destination, name }) => `${destination} ${name}`,
  });
  return [
    ...changes.map(({ kind, entryId, destination, name, movedFrom, because }) =>
      JSON.stringify([kind, entryId, destination, name, movedFrom ?? null, because ?? null]),
    ),
    ...headings.map(({ action, list: of, destination }) => JSON.stringify([action, of, destination])),
  ].sort();
}

/** A document as it was meant, and the list that it amends. */
export interface Original {
  xml: string;
  record: unknown;
  list: Entry[];
  essence: string[];
}

function readOf(xml: string, record: unknown): Rule {
  return readRule(admitXml(Buffer.from(xml)), readHead(record));
}

/** Null where the slip is refused, held, told by an issue, or leaves the meaning alone; else what went wrong. */
export function silentError(original: Original, slip: Slip): string | null {
  let rule: Rule;
  try {
    rule = readOf(slip.xml, original.record);
  } catch (error) {
    if (error instanceof ElwatchError) return null;
    throw error;
  }
  if (rule.issues.length > 0) return null;
  if (verifyRule(rule, indexEntries(original.list)).verdict !== 'verified') return null;
  const found = essence(rule, original.list);
  if (JSON.stringify(found) === JSON.stringify(original.essence)) return null;
  const gone = original.essence.filter((one) => !found.includes(one));
  const come = found.filter((one) => !original.essence.includes(one));
  return `${slip.what}\n  instead of ${gone.join(' ') || 'nothing'}\n  it is read as ${come.join(' ') || 'nothing'}`;
}

export function originalOf(document: { xml: Uint8Array; record: unknown }, list: Entry[]): Original {
  const xml = Buffer.from(document.xml).toString('utf8');
  return { xml, record: document.record, list, essence: essence(readOf(xml, document.record), list) };
}
