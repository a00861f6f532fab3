import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { App } from '../app.ts';
import { ElwatchError } from '../errors.ts';
import { exportLedger } from '../export-ledger.ts';
import { listDeliveries } from '../store/deliveries.ts';
import { type Output, table } from './output.ts';

/** `elwatch deliveries`: who was told what, when, and what came of it. */
export async function runDeliveries(app: App, out: Output): Promise<void> {
  const deliveries = await listDeliveries(app.parts.db, { limit: 1_000 });
  out.result({ deliveries }, () =>
    table(
      ['about', 'by', 'to', 'status', 'tries', 'sent', 'read', 'outcome'],
      deliveries.map((one) => [
        one.subject,
        one.channel,
        one.recipient,
        one.status,
        one.attempts,
        one.sentAt,
        one.acknowledgedAt,
        one.outcome,
      ]),
    ),
  );
}

/**
 * `elwatch deliveries export`: the whole ledger, the oldest first, into a file, with its SHA-256 beside it in the form
 * that `sha256sum --check` reads.
 *
 * @throws ElwatchError `file-exists`
 */
export async function runExportDeliveries(
  app: App,
  { format, output, since }: { format: 'csv' | 'json'; output: string; since?: string },
  out: Output,
): Promise<void> {
  // An export is evidence: one that was made before is not written over.
  const file = createWriteStream(output, { flags: 'wx', mode: 0o600 });
  await once(file, 'open').catch((cause: NodeJS.ErrnoException) => {
    const isThere = cause.code === 'EEXIST';
    throw new ElwatchError(
      isThere ? 'file-exists' : 'file-unwritable',
      `${output} ${isThere ? 'is there already' : `cannot be written: ${cause.message}`}`,
      { retry: false, hint: 'Name another file with --output.', cause },
    );
  });
  const hash = createHash('sha256');
  let count = 0;
  for await (const { text, deliveries } of exportLedger(app.parts.db, { format, since: since ?? null })) {
    hash.update(text);
    if (!file.write(text)) await once(file, 'drain');
    count += deliveries;
  }
  file.end();
  await once(file, 'close');
  const sha256 = hash.digest('hex');
  await writeFile(`${output}.sha256`, `${sha256}  ${basename(output)}\n`, { mode: 0o600 });
  out.result({ file: output, format, deliveries: count, sha256 }, () =>
    [
      `${count} deliveries are in ${output}.`,
      `SHA-256 ${sha256}; to check it: sha256sum --check ${basename(output)}.sha256`,
    ].join('\n'),
  );
}
