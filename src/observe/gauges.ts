import { Gauge, type Registry } from 'prom-client';
import { LIST_NAMES } from '../model.ts';
import { CANARY, isSourceAsked, SOURCE_TERMS, windowOf } from '../source-terms.ts';
import type { Observed } from '../store/observed.ts';

/** Jobs of one queue by state. */
export interface QueueDepth {
  queue: string;
  counts: Record<string, number>;
}

export interface Gauges {
  /** Null where the store did not answer: then nothing is shown of it, rather than what was so before. */
  set(observed: Observed | null, now: string): void;
  setQueues(depths: readonly QueueDepth[]): void;
}

/** Registers what is read at the scrape. Times are instants, so that Prometheus reckons the ages. */
export function createGauges(registry: Registry, version: string): Gauges {
  const all: Gauge[] = [];
  const gauge = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) => {
    const made = new Gauge<Label>({ name, help, labelNames, registers: [registry] });
    all.push(made as unknown as Gauge);
    return made;
  };
  const build = gauge('elwatch_build_info', 'Always 1; the label tells the version', ['version']);
  const up = gauge('elwatch_store_up', '1 where the store answered this scrape, 0 where it did not');
  const success = gauge(
    'elwatch_source_last_success_timestamp_seconds',
    'When a source answered last as it should; 0 for never',
    ['source'],
  );
  const failing = gauge('elwatch_source_failing', '1 where the last look at a source failed', ['source']);
  const asked = gauge(
    'elwatch_source_last_asked_timestamp_seconds',
    'When a source was asked last, whatever it answered; 0 for never',
    ['source'],
  );
  const window = gauge(
    'elwatch_source_window_seconds',
    'Within this time a source is asked at least once at this hour; none where it has no window',
    ['source'],
  );
  const patience = gauge('elwatch_source_patience_seconds', 'Without a success for longer a source is late', [
    'source',
  ]);
  const canary = gauge(
    'elwatch_canary_last_success_timestamp_seconds',
    'When the canary came through the queue last; 0 for never',
  );
  const entries = gauge('elwatch_list_entries', 'Entries that are on a list', ['list']);
  const held = gauge('elwatch_documents_held', 'Documents that wait for a person');
  const waiting = gauge('elwatch_deliveries_waiting', 'Deliveries that are not done, by status', ['status']);
  const overdue = gauge('elwatch_delivery_overdue_seconds', 'How long the longest due delivery has been due');
  const untold = gauge('elwatch_change_sets_untold', 'Change sets whose deliveries are not made yet');
  const unscreened = gauge(
    'elwatch_change_sets_unscreened',
    'Change sets that watchlists were not compared with yet',
  );
  const issues = gauge('elwatch_issues_open', 'Open issues by code', ['code']);
  const depth = gauge('elwatch_queue_jobs', 'Jobs of a queue by state', ['queue', 'state']);
  return {
    set(observed, now) {
      for (const one of all) one.reset();
      build.set({ version }, 1);
      up.set(observed === null ? 0 : 1);
      if (observed === null) {
        // A gauge without labels cannot be empty, and 0 would be a statement.
        for (const one of [canary, held, overdue, untold, unscreened]) one.set(Number.NaN);
        return;
      }
      const states = new Map(observed.states.map((state) => [state.source, state]));
      for (const [source, { patienceMs }] of Object.entries(SOURCE_TERMS)) {
        const state = states.get(source);
        if (!isSourceAsked(source, state, now)) continue;
        const { lastSuccessAt = null, lastFailureAt = null } = state ?? {};
        success.set({ source }, secondsOf(lastSuccessAt));
        asked.set({ source }, Math.max(secondsOf(lastSuccessAt), secondsOf(lastFailureAt)));
        const windowMs = windowOf(source, now);
        if (windowMs !== null) window.set({ source }, windowMs / 1000);
        failing.set({ source }, state?.failure ? 1 : 0);
        patience.set({ source }, patienceMs / 1000);
      }
      canary.set(secondsOf(states.get(CANARY)?.lastSuccessAt ?? null));
      for (const list of LIST_NAMES) entries.set({ list }, observed.entries[list] ?? 0);
      held.set(observed.heldDocuments);
      for (const [status, count] of Object.entries(observed.waiting)) waiting.set({ status }, count);
      const { oldestDueAt } = observed;
      overdue.set(oldestDueAt === null ? 0 : Math.max(0, secondsOf(now) - secondsOf(oldestDueAt)));
      untold.set(observed.untold);
      unscreened.set(observed.unscreened);
      for (const { code, count } of observed.issues) issues.set({ code }, count);
    },
    setQueues(depths) {
      for (const { queue, counts } of depths)
        for (const [state, count] of Object.entries(counts)) depth.set({ queue, state }, count);
    },
  };
}

function secondsOf(at: string | null): number {
  return at === null ? 0 : Date.parse(at) / 1000;
}
