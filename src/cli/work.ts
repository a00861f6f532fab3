import type { App } from '../app.ts';
import { addDays, easternDay } from '../days.ts';
import { deliver } from '../deliver.ts';
import { ElwatchError, errorLine } from '../errors.ts';
import { findHeld, type Ingested, ingest } from '../ingest.ts';
import { notify, notifyScreened } from '../notify.ts';
import { poll } from '../poll.ts';
import { screenChangeSet } from '../screening.ts';
import { findDocument } from '../store/documents.ts';
import { sweep } from '../sweep.ts';
import { type Output, table } from './output.ts';

/** What the jobs do, one after the other and without a queue. */
export async function finish(app: App, ingested: Ingested[]): Promise<number> {
  for (const { changeSetId } of ingested) if (changeSetId !== null) await notify(app.parts, changeSetId);
  const left = await sweep(app.parts);
  for (const changeSetId of left.changeSetIds) await notify(app.parts, changeSetId);
  for (const changeSetId of (await sweep(app.parts)).unscreenedIds) {
    const { failed } = await screenChangeSet(app.parts, changeSetId);
    await notifyScreened(app.parts, changeSetId, { isComplete: failed === 0 });
  }
  let sent = 0;
  for (const deliveryId of (await sweep(app.parts)).deliveryIds)
    if ((await deliver(app.parts, deliveryId)) === 'sent') sent += 1;
  return sent;
}

function print(ingested: Ingested[], sent: number): string {
  return [
    table(
      ['document', 'published', 'outcome', 'why'],
      ingested.map((one) => [one.number, one.publishedOn, one.outcome, one.reason]),
      90,
    ),
    `${ingested.length} documents looked at, ${sent} messages sent.`,
  ].join('\n');
}

/** `elwatch poll`: one round of the job without a queue. */
export async function runPoll(app: App, out: Output): Promise<void> {
  const ingested: Ingested[] = [];
  const failures: unknown[] = [];
  const look = async (documents: { number: string; publishedOn: string }[]) => {
    for (const { number, publishedOn } of documents)
      await ingest(app.parts, number, publishedOn).then(
        (one) => ingested.push(one),
        (error: unknown) => failures.push(error),
      );
  };
  await look(await poll(app.parts));
  if (ingested.some((one) => one.outcome === 'applied'))
    await look(await findHeld(app.parts, addDays(easternDay(app.parts.now()), -30)));
  const sent = await finish(app, ingested);
  if (failures.length > 0 && ingested.length === 0) throw failures[0];
  const failed = failures.map((error) => errorLine(error));
  out.result({ documents: ingested, failed, sent }, () => [print(ingested, sent), ...failed].join('\n'));
}

/** `elwatch ingest <number>`: one document, known or not. */
export async function runIngest(
  app: App,
  number: string,
  options: { publishedOn?: string },
  out: Output,
): Promise<void> {
  const known = await findDocument(app.parts.db, number, options.publishedOn ?? null);
  const publishedOn = options.publishedOn ?? known?.publishedOn ?? (await lookUpDay(app, number));
  const ingested = await ingest(app.parts, number, publishedOn);
  const sent = await finish(app, [ingested]);
  out.result({ documents: [ingested], sent }, () => print([ingested], sent));
}

/** The day of a document that only its number is known of; the number's year is that of filing, not of print. */
async function lookUpDay(app: App, number: string): Promise<string> {
  const { record } = await app.parts.federalRegister.fetchRecord(number, null);
  const on = (record as { publication_date?: unknown }).publication_date;
  if (typeof on === 'string') return on;
  throw new ElwatchError('document-undated', `${number} has no publication date`, {
    retry: true,
    hint: 'it is not published yet; try again on its day',
  });
}
