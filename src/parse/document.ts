import { ElwatchError, errorLine } from '../errors.ts';
import type { DocumentHead, Issue, Rule } from '../model.ts';
import { odditiesOf } from './oddities.ts';
import { applyReplacements, type Replacement } from './overrides.ts';
import { readRule } from './rule.ts';
import { readStated } from './stated.ts';
import { admitXml } from './xml.ts';

/** Types that are read as they stand; what OFR could not sort may be anything. */
const READ_TYPES: readonly string[] = ['Rule', 'Correction'];

function holding(code: string, message: string, excerpt: string | null = null): Issue {
  return { code, holds: true, message, excerpt, locator: null };
}

/**
 * Reads the text of a document, with its known oddities and what a person had put in the place of some words.
 * A fault of our own in reading it becomes an issue that holds.
 *
 * @throws ElwatchError of the XML gate, for a text that can never be read (too deep, a DOCTYPE)
 */
export function readDocument(
  head: DocumentHead,
  bytes: Uint8Array,
  replacements: readonly Replacement[],
): Rule {
  const replaced = applyReplacements(bytes, [
    ...odditiesOf(head.number, head.publishedOn ?? ''),
    ...replacements,
  ]);
  const xml = admitXml(replaced.bytes);
  const issues = replaced.unmatched.map(({ find }) =>
    holding('override-unmatched', 'the words of an override do not stand in the text exactly once', find),
  );
  const { type } = head;
  if (!READ_TYPES.includes(type))
    issues.push(holding('unusual-type', `the document is of the type “${type}”; a person has to look at it`));
  try {
    const rule = readRule(xml, head);
    return { ...rule, issues: [...rule.issues, ...issues] };
  } catch (error) {
    if (error instanceof ElwatchError) throw error;
    return unreadRule(head, holding('parser-failed', errorLine(error)));
  }
}

/** A rule of which nothing is known but its record, and why. */
export function unreadRule(head: DocumentHead, issue: Issue): Rule {
  const stated = readStated(head.abstract, head.title);
  return {
    document: head,
    lists: [],
    amendments: [],
    headings: [],
    suspensions: [],
    corrects: [],
    stated,
    issues: [issue],
  };
}
