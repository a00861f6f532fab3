import { exportLedger } from './export-ledger.ts';
import { endDecisions, lookAgain, noteDecision } from './held.ts';
import { readHeldDetail } from './held-detail.ts';
import type { Parts } from './parts.ts';
import { createSourceTexts } from './source-texts.ts';
import type { BackfillRuns, OperatorActions, QueueView } from './web/operator/operator-parts.ts';

/** What the pages of whoever runs the service set going, over the live parts. */
export function createOperatorActions(
  parts: Parts,
  { backfill, queues }: { backfill: BackfillRuns; queues(): QueueView | null },
): OperatorActions {
  return {
    backfill,
    queues,
    heldDetail: (document) => readHeldDetail(parts.db, document),
    sourceTexts: createSourceTexts(parts),
    async decide({ number, publishedOn }, decision, by) {
      const { document, override } = await noteDecision(parts, number, publishedOn, decision, by);
      await lookAgain(parts, document, `Recorded as override ${override.id} by ${override.who}.`);
    },
    async undo(document) {
      const ended = await endDecisions(parts, document);
      if (document.status !== 'applied') await lookAgain(parts, document, `${ended} overrides ended.`);
    },
    async *ledger(format) {
      for await (const { text } of exportLedger(parts.db, { format, since: null })) yield text;
    },
  };
}
