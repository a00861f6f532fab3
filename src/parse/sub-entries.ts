import { foldName } from '../fold.ts';
import { beginsSubEntry } from './addresses.ts';
import { findBlockHead, readBlock, splitItems } from './alias-block.ts';
import { readInlineAliases } from './aliases.ts';
import {
  ADDRESS_LEAD,
  ADDRESS_WORDS,
  BULLET,
  cleanAlias,
  type Doubt,
  doubt,
  isAbbreviation,
} from './cell-text.ts';
import { endsInPlace } from './fused.ts';
import { findNameEnd } from './name-end.ts';
import { NUMBER_PATTERN, readNumber } from './numbers.ts';

/** What stands below the names of an entry, sorted into further names and lines of the address part. */
export interface BelowNames {
  /** Names of subordinate institutions and theirs, which screening must find (see `readBlock`). */
  names: string[];
  addresses: string[];
  lines: string[];
}

const APPLY = new RegExp(
  `\\bthe following address(?:es)? appl(?:y|ies)\\b(?:[^:]{0,80}?\\b(${NUMBER_PATTERN})\\s(?:subordinate|affiliated)\\b)?[^:]{0,120}:\\s?`,
  'iu',
);
const ADDRESSES_FOR = /^address(?:es)? for\s([^:]{1,200}):\s?/iu;
const LABEL =
  /^(?:affiliated (?:entities|companies|institutions)|subordinate (?:institutions?|entit(?:y|ies)|institutes?))\s?[:—–-]?\s?/iu;
const INCLUDING = /^(?:and\s|including\s|with\s)+$/iu;

/** Sentences of a line, cut at full stops that end no abbreviation. */
function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  let from = 0;
  for (const match of text.matchAll(/\.\s+(?=[\p{Lu}\d])/gu)) {
    if (isAbbreviation(text.slice(from, match.index + 1).slice(-30))) continue;
    sentences.push(text.slice(from, match.index));
    from = match.index + match[0].length;
  }
  return [...sentences, text.slice(from)].map((sentence) => cleanAlias(sentence)).filter(Boolean);
}

function looksLikeName(text: string): boolean {
  return !ADDRESS_LEAD.test(text.slice(0, 40)) && !ADDRESS_WORDS.test(text) && !endsInPlace(text);
}

/**
 * One subordinate institution: "Beijing Laiyin Company Ltd, a.k.a., the following one alias:" with the items
 * below it, or its name and address in one line.
 *
 * @param below lines behind it
 * @returns how many lines of `below` it took
 */
function readSub(text: string, below: readonly string[], found: BelowNames, doubts: Doubt[]): number {
  const head = findBlockHead(text);
  if (head) {
    const name = cleanAlias(head.before);
    const owner = readInlineAliases(name, doubts);
    if (!INCLUDING.test(`${name} `) && name !== '')
      found.names.push(owner?.name ?? name, ...(owner?.aliases ?? []));
    const behind = splitItems(head.behind);
    let bullets = 0;
    while (BULLET.test(below[bullets] ?? '')) bullets += 1;
    const items = [...behind, ...below.slice(0, bullets)];
    const block = readBlock(items, head.stated, doubts);
    found.names.push(...block.aliases);
    found.addresses.push(...block.addresses);
    found.lines.push(...block.rest);
    return bullets;
  }
  const inline = readInlineAliases(text, doubts);
  const end = inline ? inline.name.length : findNameEnd(text);
  const rest = trimStart(inline ? inline.rest : text.slice(end));
  found.names.push(cleanAlias(inline ? inline.name : text.slice(0, end)), ...(inline?.aliases ?? []));
  if (rest !== '') {
    if (!inline && !ADDRESS_LEAD.test(rest.slice(0, 40)))
      doubts.push(
        doubt('sub-entry', `where the name of a sub-entry ends is not printed: ${text.slice(0, 120)}`),
      );
    found.lines.push(rest);
  }
  return 0;
}

function trimStart(text: string): string {
  return text.replace(/^[\s,;.]+/u, '');
}

/** "Subordinate institution X, a.k.a., the following one alias, 5 Road": the comma stands for the colon. */
const COMMA_HEAD = new RegExp(
  `^(.{1,200}?),?\\s(?:a\\.?k\\.?a\\.?),?\\sthe following\\s(${NUMBER_PATTERN})\\salias(?:es)?,\\s`,
  'iu',
);

/**
 * Sorts the lines below an entry's own names: sub-entries in all their forms, addresses that are said to be
 * whose, and plain address lines (sources, §5.3 and §7, traps 11 and 17).
 *
 * @param owner names of the entry itself
 */
export function readBelowNames(
  lines: readonly string[],
  owner: readonly string[],
  doubts: Doubt[],
): BelowNames {
  const found: BelowNames = { names: [], addresses: [], lines: [] };
  const known = new Set(owner.map(foldName));
  let affiliated = false;
  for (let at = 0; at < lines.length; at += 1) {
    let line = lines[at]!;
    const below = lines.slice(at + 1);
    const apply = APPLY.exec(line.slice(0, 20_000));
    if (apply) {
      const before = [...found.lines.splice(0), line.slice(0, apply.index)].join(' ').trim();
      takeNamed(before, apply[1] === undefined ? null : readNumber(apply[1]), found, doubts);
      found.lines.push(line.slice(apply.index + apply[0].length).trim());
      continue;
    }
    const whose = ADDRESSES_FOR.exec(line);
    if (whose) {
      if (
        !known.has(foldName(whose[1]!)) &&
        !found.names.some((name) => foldName(name) === foldName(whose[1]!))
      ) {
        found.names.push(cleanAlias(whose[1]!));
        doubts.push(doubt('sub-entry', `the cell has addresses of another name: ${line.slice(0, 120)}`));
      }
      found.lines.push(line.slice(whose[0].length).trim());
      continue;
    }
    const labelled = beginsSubEntry(line);
    if (labelled) {
      affiliated = true;
      line = trimStart(line.replace(LABEL, ''));
      if (line === '') {
        if (below.length === 0)
          doubts.push(doubt('sub-entry', 'the cell tells of sub-entries and names none'));
        continue;
      }
      const odd = COMMA_HEAD.exec(line.slice(0, 400));
      if (odd) {
        found.names.push(cleanAlias(odd[1]!));
        doubts.push(
          doubt('sub-entry', `the aliases of a sub-entry do not stand below its head: ${line.slice(0, 120)}`),
        );
        found.lines.push(line.slice(odd[0].length));
        continue;
      }
      at += readSub(line, below, found, doubts);
      continue;
    }
    const block = findBlockHead(line);
    if (block && (BULLET.test(below[0] ?? '') || BULLET.test(block.behind))) {
      at += readSub(line, below, found, doubts);
      continue;
    }
    if (affiliated && !ADDRESS_LEAD.test(line.slice(0, 40)) && !/^(?:and|or)\s/iu.test(line)) {
      if (BULLET.test(line)) at += readSub(line.replace(BULLET, ''), below, found, doubts);
      else {
        // Below "Affiliated entities:" a line is another one of them, or goes on with an address.
        doubts.push(doubt('sub-entry', `the cell tells of sub-entries: ${line.slice(0, 120)}`));
        at += readSub(line, below, found, doubts);
      }
      continue;
    }
    found.lines.push(line);
  }
  return found;
}

/** The names in front of "The following addresses apply to the entity and the two subordinate institutions:". */
function takeNamed(text: string, stated: number | null, found: BelowNames, doubts: Doubt[]): void {
  const names = splitSentences(text)
    .map((name) => name.replace(LABEL, ''))
    .filter(Boolean);
  const clear = names.every(looksLikeName);
  if (clear) found.names.push(...names);
  else found.lines.push(text);
  if (names.length === 0 && found.names.length === 0)
    // Their names stand among the aliases; which of them they are makes no difference to a flat entry.
    doubts.push(doubt('sub-entry', 'the cell tells of sub-entries and does not name them apart', false));
  else if (!clear || (stated !== null && stated !== names.length && stated !== found.names.length))
    doubts.push(
      doubt('sub-entry', `the sub-entries are said to be ${stated ?? 'several'} and are ${names.length}`),
    );
}
