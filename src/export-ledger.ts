import type { Kysely } from 'kysely';
import { renderLedgerPart } from './render/delivery-ledger.ts';
import { ledgerPage } from './store/deliveries.ts';
import type { Schema } from './store/schema.ts';

const PAGE = 5_000;

/** The ledger of deliveries as a file, the oldest first, in parts: equal ledgers are equal bytes. */
export async function* exportLedger(
  db: Kysely<Schema>,
  { format, since }: { format: 'csv' | 'json'; since: string | null },
): AsyncGenerator<{ text: string; deliveries: number }> {
  let last: { createdAt: string; deliveryId: string } | null = null;
  for (let isFirst = true; ; isFirst = false) {
    const page = await ledgerPage(db, { after: last, since, limit: PAGE });
    yield { text: renderLedgerPart(page, format, isFirst), deliveries: page.length };
    last = page.at(-1) ?? null;
    if (page.length < PAGE) return;
  }
}
