import { findAddresses } from './address-index.ts';
import { compareNames } from './compare-names.ts';
import { findCandidates } from './find-candidates.ts';
import { isAddressLabel, type NameIndex } from './name-index.ts';
import type { NamePart } from './name-parts.ts';
import { normaliseName } from './normalise.ts';
import { sameKeys, scoreOfKey } from './same-letters.ts';
import { scoreTokens } from './score.ts';
import type { Hit, Subject } from './subject.ts';
import type { Token } from './token.ts';

/** Changes whenever the same two texts may get another score: a stored hit says by which version it was made. */
export const MATCHER_VERSION = '5';

/**
 * Hits below are left out. The lowest at which no more than two of a hundred near names hit, on one half of the
 * labelled pairs (`npm run eval:screen`): for compliance a match that is missed costs more than a look in vain.
 */
export const DEFAULT_THRESHOLD = 0.75;

/** An address is shared by strangers in the same building: it ranks below names, unless it is what is listed. */
const ADDRESS_RANK = 0.9;

/** A short name is that of strangers too ("ITS"): it ranks below names. */
const SHORT_NAME = 0.9;

export interface ScreenOptions {
  /** Between 0 and 1; `DEFAULT_THRESHOLD` where absent. */
  threshold?: number;
  /** Which side is the list, whose texts a hit calls "ours": `index` where absent. */
  listed?: 'index' | 'queries';
}

interface Match {
  score: number;
  /** Positions among the names, or the addresses, of the subject and of the query. */
  subjectAt: number;
  queryAt: number;
  /** The part of the subject's name that is like the query's; null for the whole, and for addresses. */
  part: NamePart | null;
}

/**
 * Subjects of the index that each query may be: per query the best hit first, one for each subject by name or
 * else by address. A name without a letter or digit finds nothing.
 */
export function screen(index: NameIndex, queries: Iterable<Subject>, options: ScreenOptions = {}): Hit[] {
  const hits: Hit[] = [];
  for (const query of queries) hits.push(...screenOne(index, query, options));
  return hits;
}

function screenOne(index: NameIndex, query: Subject, options: ScreenOptions): Hit[] {
  const { threshold = DEFAULT_THRESHOLD, listed = 'index' } = options;
  const byName = new Map<number, Match>();
  const byAddress = new Map<number, Match>();
  for (const [queryAt, name] of query.names.entries())
    if (!isAddressLabel(name)) findByName(index, name, queryAt, threshold, byName);
  for (const [queryAt, address] of query.addresses.entries()) {
    for (const { subject, address: subjectAt, score } of findAddresses(index.addresses, address, threshold)) {
      const entry = listed === 'index' ? index.subjects[subject]! : query;
      const ranked = entry.names.every(isAddressLabel) ? score : score * ADDRESS_RANK;
      keepBest(byAddress, subject, { score: ranked, subjectAt, queryAt, part: null });
    }
  }
  const hits: Hit[] = [];
  for (const [subject, match] of byName)
    hits.push(toHit(index.subjects[subject]!, query, 'names', match, listed, byAddress.has(subject)));
  for (const [subject, match] of byAddress)
    if (!byName.has(subject) && match.score >= threshold)
      hits.push(toHit(index.subjects[subject]!, query, 'addresses', match, listed, true));
  return hits.sort((a, b) => b.score - a.score || (a.subjectId < b.subjectId ? -1 : 1));
}

function findByName(
  index: NameIndex,
  name: string,
  queryAt: number,
  threshold: number,
  found: Map<number, Match>,
): void {
  for (const { tokens } of normaliseName(name)) {
    if (tokens.length === 0) continue;
    for (const row of findCandidates(index, tokens)) {
      const score = scoreTokens(tokensOf(index, row), tokens);
      if (score >= threshold)
        keepBest(found, index.rowSubjects[row]!, {
          ...{ score, queryAt, subjectAt: index.rowNames[row]!, part: index.rowParts.get(row) ?? null },
        });
    }
  }
  for (const key of sameKeys(name))
    for (const { subject, name: subjectAt, part } of index.same.get(key) ?? []) {
      const score = part?.isShort ? SHORT_NAME : scoreOfKey(key);
      if (score >= threshold) keepBest(found, subject, { score, subjectAt, queryAt, part });
    }
}

function tokensOf(index: NameIndex, row: number): Token[] {
  const tokens: Token[] = [];
  for (let at = index.rowStarts[row]!; at < index.rowStarts[row + 1]!; at += 1)
    tokens.push(index.tokens[index.rowTokens[at]!]!);
  return tokens;
}

function keepBest(found: Map<number, Match>, subject: number, match: Match): void {
  const known = found.get(subject);
  if (!known || match.score > known.score) found.set(subject, match);
}

function toHit(
  subject: Subject,
  query: Subject,
  by: 'names' | 'addresses',
  match: Match,
  listed: 'index' | 'queries',
  addressAgrees: boolean,
): Hit {
  const [entry, entryAt, other, otherAt] =
    listed === 'index'
      ? [subject, match.subjectAt, query, match.queryAt]
      : [query, match.queryAt, subject, match.subjectAt];
  const ours = entry[by][entryAt]!;
  const theirs = other[by][otherAt]!;
  const countryAgrees =
    query.country === null || subject.country === null ? null : query.country === subject.country;
  const reasons =
    by === 'names'
      ? [...reasonsOf(ours, theirs, match.part, listed), ...(addressAgrees ? ['an address agrees too'] : [])]
      : [
          entry.names.every(isAddressLabel)
            ? 'the address itself is listed'
            : 'the same address, under another name',
        ];
  if (countryAgrees === false)
    reasons.push(`another country: ${entry.country} on the list, theirs ${other.country}`);
  return {
    queryId: query.id,
    subjectId: subject.id,
    score: Math.round(match.score * 1000) / 1000,
    matched: { field: by === 'addresses' ? 'address' : entryAt === 0 ? 'name' : 'alias', ours, theirs },
    reasons,
    countryAgrees,
  };
}

/** Why two names are taken for one, where the subject's may be like the query's only by a part of it. */
function reasonsOf(
  ours: string,
  theirs: string,
  part: NamePart | null,
  listed: 'index' | 'queries',
): string[] {
  if (part === null) return compareNames(ours, theirs).reasons;
  const printed = listed === 'index' ? ours : theirs;
  const within = `“${part.text}” is a name of its own in “${printed.slice(0, 120)}”`;
  if (part.isShort) return ['the same short name', within];
  const [a, b] = listed === 'index' ? [part.text, theirs] : [ours, part.text];
  return [...compareNames(a, b).reasons, within];
}
