import type { ChangeSet, CountedAction, ListName, StoredChange, ToldHit } from '../model.ts';
import { type ClipLevel, type Clipper, createClipper } from './clipper.ts';
import { pageOf } from './feed-model.ts';
import { describeHit } from './hit-words.ts';
import { subjectOf } from './subject.ts';
import { describeVerification, heldReasons } from './verification.ts';
import { countKinds, viewChangeData } from './webhook-change.ts';
import type { ChangeSetData, ChangeSetHead, ChangeSetType } from './webhook-schema.ts';

/** One change set, as one subscription is told of it. */
export interface DataInput {
  changeSet: ChangeSet;
  /** The changes that meet the filter. */
  changes: readonly StoredChange[];
  /** How many there are before filtering. */
  allChangesCount: number;
  /** Counterparties of the subscriber that a change hits, the best first. */
  hits?: readonly ToldHit[];
}

const LONGEST_LINK = 500;
/** A link from upstream may only lead to the web. */
const isWeb = (address: string) => /^https?:\/\//iu.test(address) && URL.canParse(address);

/** The type of the event about a change set. */
export function typeOf(changeSet: ChangeSet): ChangeSetType {
  if (changeSet.outcome !== 'applied') return `change_set.${changeSet.outcome}`;
  const corrects =
    changeSet.cause === 'reparse' || (changeSet.follows !== null && (changeSet.differences ?? []).length > 0);
  return corrects ? 'change_set.corrected' : 'change_set.applied';
}

/** All that an event says of a change set, with at most `limit` of its changes. */
export function changeSetData(
  { changeSet, changes, allChangesCount, hits = [] }: DataInput,
  root: string,
  level: ClipLevel,
  limit: number,
): ChangeSetData {
  const clip = createClipper(level);
  const shown = changes.slice(0, limit).map((change) => viewChangeData(change, () => createClipper(level)));
  const head = headOf(changeSet, changes, root, clip);
  const last = shown.at(-1);
  const left = changes.length - shown.length;
  return {
    ...head,
    cause: changeSet.cause,
    outcome: changeSet.outcome,
    follows: changeSet.follows,
    corrects: clip.texts(changeSet.corrects ?? []),
    differences: clip.texts(changeSet.differences ?? []),
    verification: verificationOf(changeSet, clip),
    reasons: changeSet.outcome === 'held' ? clip.texts(heldReasons(changeSet)) : [],
    stated: statedOf(changeSet, clip),
    filing: filingOf(changeSet, clip),
    destinations: destinationsOf(changes, clip),
    changesCount: changes.length,
    allChangesCount,
    firstSeq: changeSet.firstSeq,
    lastSeq: changeSet.lastSeq,
    stateHashes: changeSet.stateHashes ?? {},
    hits: clip.items(hits).map((hit) => hitData(hit, clip)),
    hitsCount: hits.length,
    changes: shown,
    truncated: left > 0 || clip.clipped || shown.some(({ clipped }) => clipped),
    nextUrl: left === 0 ? null : head.links.changes + (last === undefined ? '' : `&after=${last.seq}`),
  };
}

function hitData(hit: ToldHit, clip: Clipper): ChangeSetData['hits'][number] {
  const { watchlistId, rowNumber, score, matched, countryAgrees } = hit;
  return {
    ...{ watchlistId, row: rowNumber, score, countryAgrees, changeSeq: hit.changeSeq },
    watchlist: clip.text(hit.watchlistName),
    ref: clip.text(hit.ref),
    counterparty: clip.text(hit.theirName),
    entry: clip.text(hit.entryName),
    matched: { field: matched.field, ours: clip.text(matched.ours), theirs: clip.text(matched.theirs) },
    reasons: clip.texts(hit.reasons),
    text: clip.text(describeHit(hit)),
  };
}

/** What a digest says of a change set too. `root` is the public address, without a slash at its end. */
export function headOf(
  changeSet: ChangeSet,
  changes: readonly StoredChange[],
  root: string,
  clip: Clipper,
): ChangeSetHead {
  const { changeSetId, document, lists, effectiveOn, knownAt } = changeSet;
  const address = document?.htmlUrl ?? document?.pdfUrl ?? document?.xmlUrl ?? null;
  const link = address !== null && address.length <= LONGEST_LINK && isWeb(address) ? address : null;
  return {
    changeSetId,
    summary: subjectOf(changeSet, changes),
    document:
      document === null
        ? null
        : {
            number: clip.text(document.number),
            title: clip.text(document.title),
            citation: document.citation === null ? null : clip.text(document.citation),
            publishedOn: document.publishedOn,
            url: link,
          },
    lists,
    effectiveOn,
    knownAt,
    counts: countKinds(changes),
    links: {
      page: pageOf(root, changeSetId),
      changes: `${root}/api/v1/changes?changeSet=${encodeURIComponent(changeSetId)}`,
      document: link,
    },
  };
}

function verificationOf(changeSet: ChangeSet, clip: Clipper): ChangeSetData['verification'] {
  const of = (status: string) => changeSet.checks.filter((check) => check.status === status).length;
  const stated = changeSet.checks.some(({ name, status }) => name.startsWith('stated-') && status !== 'skip');
  return {
    status:
      changeSet.outcome !== 'applied'
        ? changeSet.outcome
        : changeSet.cause === 'baseline'
          ? 'baseline'
          : stated
            ? 'verified'
            : 'unverified',
    text: clip.text(describeVerification(changeSet)),
    passed: of('pass'),
    failed: of('fail'),
    skipped: of('skip'),
  };
}

function statedOf({ stated }: ChangeSet, clip: Clipper): ChangeSetData['stated'] {
  return Object.entries(stated).flatMap(([list, of]) =>
    (['add', 'revise', 'remove'] as const).flatMap((action: CountedAction) => {
      const count = of[action];
      if (count === null) return [];
      const places = clip.items(Object.entries(count.byDestination));
      const { entities, entries } = count;
      return [
        { list: list as ListName, action, entities, entries, byDestination: Object.fromEntries(places) },
      ];
    }),
  );
}

function filingOf({ filing }: ChangeSet, clip: Clipper): ChangeSetData['filing'] {
  if (!filing) return null;
  const named = filing.reading?.named ?? [];
  return {
    filedAt: filing.filedAt,
    filingType: filing.filingType,
    scheduledOn: filing.scheduledOn,
    seenAt: filing.seenAt,
    named: clip
      .items(named)
      .map(({ list, action, name, country }) => ({ list, action, name: clip.text(name), country })),
    namedCount: named.length,
  };
}

function destinationsOf(changes: readonly StoredChange[], clip: Clipper): ChangeSetData['destinations'] {
  const places = new Map<string, StoredChange[]>();
  for (const change of changes) {
    const of = places.get(change.destination) ?? [];
    places.set(change.destination, of);
    of.push(change);
  }
  return clip.items([...places]).map(([destination, of]) => ({
    destination: clip.text(destination),
    country: of[0]!.country,
    ...countKinds(of),
  }));
}
