/**
 * Lets mail to one domain wait after its servers asked for it, while others go on. Kept in memory, for one
 * process: after a restart, and in each further worker, the domain is asked once more and answers the same.
 */
export interface DomainBackoff {
  /** Seconds that mail to this domain must still wait; 0 where it may go now. */
  secondsLeft(domain: string): number;
  /** The domain asked to try later: 1 minute, then twice as long each time, up to 30 minutes. */
  defer(domain: string): void;
  /** The domain took a message. */
  accept(domain: string): void;
}

const FIRST_MS = 60_000;
const LONGEST_MS = 30 * 60_000;
/** A domain that was left alone this long begins anew. */
const FORGET_MS = 2 * LONGEST_MS;
const MOST_DOMAINS = 10_000;
/** Waits are up to this much longer, so that what waits does not come back at one moment. */
const JITTER = 0.25;

export function createDomainBackoff(
  now: () => number = Date.now,
  random: () => number = Math.random,
): DomainBackoff {
  const waits = new Map<string, { until: number; lastMs: number }>();

  const forgetOld = () => {
    for (const [domain, { until }] of waits) if (until + FORGET_MS < now()) waits.delete(domain);
    // Those that were entered first are the first to be asked again.
    for (const domain of waits.keys()) if (waits.size > MOST_DOMAINS) waits.delete(domain);
  };

  return {
    secondsLeft(domain) {
      const left = (waits.get(domain)?.until ?? 0) - now();
      return left <= 0 ? 0 : Math.ceil((left * (1 + JITTER * random())) / 1000);
    },
    defer(domain) {
      const before = waits.get(domain);
      // Several were under way when the first was refused: together they are one refusal.
      if (before !== undefined && before.until > now()) return;
      const known = before !== undefined && before.until + FORGET_MS >= now();
      const lastMs = known ? Math.min(before.lastMs * 2, LONGEST_MS) : FIRST_MS;
      waits.delete(domain);
      waits.set(domain, { until: now() + lastMs * (1 + JITTER * random()), lastMs });
      forgetOld();
    },
    accept(domain) {
      waits.delete(domain);
    },
  };
}
