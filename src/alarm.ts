import { type Judged, judge } from './alarm/judge.ts';
import { errorLine } from './errors.ts';
import type { Parts } from './parts.ts';
import { renderNoticeEmail } from './render/notice-email.ts';
import {
  type AlarmState,
  changeAlarmState,
  endIncident,
  findIncident,
  type OwedAlarm,
} from './store/alarm-state.ts';
import { openIssue } from './store/issues.ts';
import { observe } from './store/observed.ts';

/** Of a process that died with a mail in hand another takes it over after this; the mail is the same message. */
const CLAIM_MS = 5 * 60_000;

/**
 * One look at the service itself: whether jobs run, sources are asked and answer, and lists are whole. What begins is
 * an issue, what is over closes it, and of each whoever runs the service is told once by mail. Each process calls it
 * every minute by a clock of its own, since a queue that sleeps cannot tell of it. Mail that is not taken is tried
 * again at the next look, without the ledger, for the same reason.
 *
 * @param alarmTo address of whoever runs the service; null for issues and log lines alone
 */
export async function lookAfterService(parts: Parts, alarmTo: string | null): Promise<void> {
  const now = parts.now();
  const observed = await observe(parts.db, now);
  await changeAlarmState(parts.db, now, async (tx, state) => {
    for (const judged of judge(observed, state, now)) {
      const open = await findIncident(tx, judged.code, judged.about);
      if (judged.is === 'on' && open === null) await begin({ ...parts, db: tx }, state, judged, alarmTo);
      if (judged.is === 'off' && open !== null) await end({ ...parts, db: tx }, state, judged, open, alarmTo);
    }
  });
  if (alarmTo !== null) await sendOwed(parts, alarmTo);
}

async function begin(
  { db, log, now, baseUrl }: Parts,
  state: AlarmState,
  { code, about, title, says, next }: Judged,
  alarmTo: string | null,
): Promise<void> {
  const openedAt = now();
  await openIssue(db, {
    ...{ number: null, publishedOn: null, code, holds: false, message: `${says} ${next}` },
    ...{ excerpt: about, locator: null, openedAt },
  });
  const id = await findIncident(db, code, about);
  log.error({ code, about, alarm: id }, `alarm: ${title}`);
  if (alarmTo === null) return;
  state.owed.push({
    id: messageId(baseUrl, id!, 'begun'),
    follows: null,
    subject: `Alarm: ${title}`,
    paragraphs: [says, next, `Seen at ${openedAt}, at ${baseUrl}. One more mail comes when it is over.`],
    claimedAt: null,
  });
}

async function end(
  { db, log, now, baseUrl }: Parts,
  state: AlarmState,
  { code, about }: Judged,
  id: number,
  alarmTo: string | null,
): Promise<void> {
  const at = now();
  await endIncident(db, id, at);
  log.info({ code, about, alarm: id }, 'alarm is over');
  if (alarmTo === null) return;
  state.owed.push({
    id: messageId(baseUrl, id, 'over'),
    follows: messageId(baseUrl, id, 'begun'),
    subject: `Over: ${code.replace('-', ' ')} (${about})`,
    paragraphs: [`This is over as of ${at}, at ${baseUrl}.`],
    claimedAt: null,
  });
}

function messageId(baseUrl: string, id: number, what: 'begun' | 'over'): string {
  return `<alarm-${id}.${what}@${new URL(baseUrl).hostname}>`;
}

/** In their order, and none past one that is not taken: what is over is not told before what began. */
async function sendOwed(parts: Parts, to: string): Promise<void> {
  for (;;) {
    const owed = await changeAlarmState(parts.db, parts.now(), async (_tx, state) =>
      take(state, parts.now()),
    );
    if (owed === null) return;
    const { id, follows, subject, paragraphs } = owed;
    const { headers, ...mail } = renderNoticeEmail({
      ...{ subject, paragraphs, messageId: id, baseUrl: parts.baseUrl, unsubscribeUrl: null },
    });
    const thread = follows === null ? {} : { 'In-Reply-To': follows, References: follows };
    let isSent = false;
    try {
      await parts.email.send({ to, ...mail, headers: { ...headers, ...thread } });
      isSent = true;
    } catch (error) {
      parts.log.error({ error: errorLine(error) }, 'an alarm could not be mailed, and is tried again');
    }
    await changeAlarmState(parts.db, parts.now(), async (_tx, state) => {
      if (isSent) state.owed = state.owed.filter((one) => one.id !== id);
      else for (const one of state.owed) if (one.id === id) one.claimedAt = null;
    });
    if (!isSent) return;
  }
}

function take(state: AlarmState, now: string): OwedAlarm | null {
  const [first] = state.owed;
  if (first === undefined) return null;
  if (first.claimedAt !== null && Date.parse(now) - Date.parse(first.claimedAt) < CLAIM_MS) return null;
  first.claimedAt = now;
  return first;
}
