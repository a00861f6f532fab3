import pThrottle from 'p-throttle';
import { GOVERNMENT_DOMAINS, isWithin } from './allowed-url.ts';

/** A queue per group of hosts that lets one request through at a time, evenly spaced: no burst at a boundary. */
export function createPace(perSecond: number, signal: AbortSignal): (url: URL) => Promise<void> {
  const queues = new Map<string, () => Promise<void>>();
  return async (url) => {
    if (perSecond === Number.POSITIVE_INFINITY) return;
    const group = GOVERNMENT_DOMAINS.find((domain) => isWithin(url.hostname, domain)) ?? url.host;
    // With a weight p-throttle looks again when a timer fires, so a late one does not crowd the next.
    const start = () =>
      pThrottle({ limit: 1, interval: Math.ceil(1000 / perSecond), strict: true, weight: () => 1, signal })(
        async () => {},
      );
    const queue = queues.get(group) ?? start();
    queues.set(group, queue);
    await queue();
  };
}
