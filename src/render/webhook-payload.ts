import { cleanLine } from './clean.ts';
import { type ClipLevel, createClipper } from './clipper.ts';
import { fitMost } from './fit-most.ts';
import { countKinds } from './webhook-change.ts';
import { changeSetData, type DataInput, headOf, typeOf } from './webhook-data.ts';
import type { WebhookPayload } from './webhook-schema.ts';

/** What an event needs besides what it is about. */
interface EventInput {
  /** Public address of this installation. */
  baseUrl: string;
  /** Signed link by which its reader says that it was read; null for none. */
  acknowledgeUrl?: string | null;
}

export interface ChangeSetInput extends DataInput, EventInput {}

/** Standard Webhooks 1.0.0 asks for less than 20 kB. */
const MOST_BYTES = 19_500;
const LEVELS: readonly ClipLevel[] = [
  { text: 500, items: 100 },
  { text: 300, items: 20 },
  { text: 120, items: 6 },
  { text: 60, items: 2 },
];
/** Whole entries that a message should hold before its texts are cut any shorter. */
const WANTED_CHANGES = 8;

/** The JSON of a change set's event. It stays below 20 kB, says what it leaves out, and where that is. */
export function renderChangeSetPayload(input: ChangeSetInput): string {
  const { changeSet, changes, acknowledgeUrl = null } = input;
  const root = rootOf(input.baseUrl);
  const envelope = { type: typeOf(changeSet), timestamp: changeSet.knownAt };
  let best: Written | null = null;
  for (const level of LEVELS) {
    const render = (limit: number) =>
      writePayload({
        ...envelope,
        data: { ...changeSetData(input, root, level, limit), acknowledgeUrl },
      });
    best = fitMost(changes.length, render, isSmall);
    if (best !== null && best.items >= Math.min(changes.length, WANTED_CHANGES)) break;
  }
  return best!.text;
}

/** The JSON of a digest's event: every change set in a line, without its changes. */
export function renderDigestPayload(
  input: EventInput & { from: string; to: string; entries: readonly DataInput[] },
): string {
  const { from, to, entries, acknowledgeUrl = null } = input;
  const root = rootOf(input.baseUrl);
  const all = entries.flatMap(({ changes }) => changes);
  const fitted = fitMost(
    entries.length,
    (limit) => {
      const clip = createClipper(LEVELS[1]!);
      const shown = entries.slice(0, limit).map(({ changeSet, changes }) => ({
        type: typeOf(changeSet),
        ...headOf(changeSet, changes, root, clip),
      }));
      const left = entries.slice(limit);
      const firstSeq = Math.min(...left.map(({ changeSet }) => changeSet.firstSeq ?? Infinity));
      const data = {
        from,
        to,
        counts: countKinds(all),
        changeSetsCount: entries.length,
        changeSets: shown,
        truncated: left.length > 0 || clip.clipped,
        nextUrl: Number.isFinite(firstSeq) ? `${root}/api/v1/changes?after=${firstSeq - 1}` : null,
        acknowledgeUrl,
      };
      return writePayload({ type: 'digest', timestamp: to, data });
    },
    isSmall,
  );
  return fitted!.text;
}

/** The JSON of the event on a quiet day. */
export function renderHeartbeatPayload(
  input: EventInput & {
    at: string;
    summary: string;
    checkedAt: string | null;
    isFailing: boolean;
    latestSeq: number | null;
  },
): string {
  const { at, checkedAt, isFailing, latestSeq, acknowledgeUrl = null } = input;
  const data = {
    summary: cleanLine(input.summary).slice(0, 500),
    checkedAt,
    isFailing,
    latestSeq,
    links: { page: `${rootOf(input.baseUrl)}/` },
    acknowledgeUrl,
  };
  return writePayload({ type: 'heartbeat', timestamp: at, data }).text;
}

/** The JSON of a test send. */
export function renderTestPayload(input: EventInput & { at: string; subscriptionId: string }): string {
  const data = {
    summary: 'This is a test: no list has changed.',
    subscriptionId: input.subscriptionId,
    links: { page: `${rootOf(input.baseUrl)}/` },
    acknowledgeUrl: input.acknowledgeUrl ?? null,
  };
  return writePayload({ type: 'test', timestamp: input.at, data }).text;
}

interface Written {
  text: string;
  /** Changes that it holds. */
  items: number;
}

function writePayload(payload: WebhookPayload): Written {
  return {
    text: JSON.stringify(payload),
    items: 'changes' in payload.data ? payload.data.changes.length : 0,
  };
}

const isSmall = ({ text }: Written) => Buffer.byteLength(text) <= MOST_BYTES;
const rootOf = (baseUrl: string) => baseUrl.replace(/\/+$/u, '');
