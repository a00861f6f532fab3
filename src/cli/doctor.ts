import pc from 'picocolors';
import { type App, openApp } from '../app.ts';
import type { Config } from '../config.ts';
import { addDays, easternDay } from '../days.ts';
import { ElwatchError, errorLine } from '../errors.ts';
import { openQueue } from '../queue.ts';
import { countEntries } from '../store/entries.ts';
import { listSourceStates } from '../store/source-state.ts';
import { listSubscriptions } from '../store/subscriptions.ts';
import { judgeMailSetup } from './mail-setup.ts';
import type { Output } from './output.ts';

interface Finding {
  what: string;
  ok: boolean;
  says: string;
}

/** `elwatch doctor`: configuration, store, queue, mail and upstream, each in one line. Answers whether all are well. */
export async function runDoctor(config: Config, out: Output): Promise<boolean> {
  const findings: Finding[] = [];
  const look = async (what: string, check: () => Promise<string>) => {
    try {
      findings.push({ what, ok: true, says: await check() });
    } catch (error) {
      const hint = error instanceof ElwatchError ? ` — ${error.hint}` : '';
      findings.push({ what, ok: false, says: errorLine(error) + hint });
    }
  };

  await look('configuration', async () => `complete; pages at ${config.baseUrl}`);
  await look('mail setup', async () => judgeMailSetup(config));
  let app: App | null = null;
  await look('store', async () => {
    app = await openApp(config);
    const counts = await countEntries(app.parts.db);
    const lists = Object.entries(counts).map(([list, count]) => `${list} ${count}`);
    return `${app.database.kind === 'pglite' ? `PGlite in ${config.dataDir}` : 'PostgreSQL'}; ${lists.join(', ') || 'no list loaded yet'}`;
  });
  const opened = app as App | null;
  if (opened !== null) {
    await look('queue', async () => {
      const queue = await openQueue({
        redisUrl: config.redisUrl,
        postgresPool: opened.database.queuePool,
        log: opened.parts.log,
      });
      try {
        const { kind, pingMs } = await queue.checkQueue();
        return `${kind === 'redis' ? 'Redis' : opened.database.kind === 'pglite' ? 'on the embedded store' : 'on PostgreSQL'} answers in ${pingMs.toFixed(1)} ms`;
      } finally {
        await queue.close();
      }
    });
    await look('mail', async () => {
      await opened.parts.email.verify();
      return config.smtpUrl === null
        ? `files in ${config.dataDir}/outbox (set SMTP_URL to send)`
        : 'the SMTP server takes mail';
    });
    if (opened.parts.bounces !== null) {
      const mailbox = opened.parts.bounces;
      await look('bounces', async () => `the mailbox answers; ${await mailbox.countUnseen()} unread`);
    }
    await look('subscriptions', async () => {
      const all = await listSubscriptions(opened.parts.db);
      const disabled = all.filter(({ status }) => status === 'disabled').length;
      return `${all.length} in all${disabled === 0 ? '' : `, ${disabled} disabled (elwatch subscriptions list --json says why)`}`;
    });
    await look('federal register', async () => {
      const today = easternDay(opened.parts.now());
      const found = await opened.parts.federalRegister.searchRules({ from: addDays(today, -7), to: today });
      return `answers; ${found.length} rules in the last seven days`;
    });
    await look('ecfr', async () => `answers; up to date as of ${await opened.parts.ecfr.upToDateAsOf()}`);
    await look('last poll', async () => {
      const state = (await listSourceStates(opened.parts.db)).find(
        (one) => one.source === 'federal-register',
      );
      if (state?.failure && (!state.lastSuccessAt || (state.lastFailureAt ?? '') > state.lastSuccessAt))
        throw new Error(`failing since ${state.lastSuccessAt ?? 'the start'}: ${state.failure}`);
      if (!state?.lastSuccessAt) return 'none yet';
      return state.lastSuccessAt;
    });
    await opened.close();
  }
  const ok = findings.every((finding) => finding.ok);
  out.result({ ok, findings }, () =>
    findings
      .map(
        ({ what, ok: well, says }) =>
          `${well ? pc.green('ok  ') : pc.red('FAIL')}  ${what.padEnd(17)} ${says}`,
      )
      .join('\n'),
  );
  return ok;
}
