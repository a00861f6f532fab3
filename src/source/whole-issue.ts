import type { Http } from '../http.ts';

/** A large issue has some 20 MB; what reads one takes no more than this. */
const ISSUE_BYTES = 32 * 1024 * 1024;
/** Of so many documents it is remembered when they were asked for. */
const MOST_REMEMBERED = 1_000;

interface Published {
  number: string;
  publishedOn: string;
}

export interface WholeIssues {
  /** The address of a document within the issue of its day; only what was cut out of the issue has it. */
  addressOf(document: Published): string;
  /**
   * Fetches the issue of the day of a document. Null where it was asked for that document, in vain or not, less than
   * `pauseMinutes` ago: an issue has megabytes.
   *
   * @throws ElwatchError as `Http.get` does
   */
  fetchFor(document: Published, pauseMinutes: number): Promise<{ bytes: Buffer; contentType: string } | null>;
}

/**
 * Opens the client of the issues of the Federal Register at govinfo.gov, one file for all documents of a day
 * (sources, §1.6). `baseUrl` is the site, without a slash at its end.
 */
export function createWholeIssues({ http, baseUrl, now }: WholeIssuesOptions): WholeIssues {
  const askedAt = new Map<string, number>();
  const issueOf = ({ publishedOn }: Published) =>
    `${baseUrl}/bulkdata/FR/${publishedOn.slice(0, 4)}/${publishedOn.slice(5, 7)}/FR-${publishedOn}.xml`;
  const addressOf = (document: Published) => `${issueOf(document)}#${document.number}`;
  return {
    addressOf,
    fetchFor: async (document, pauseMinutes) => {
      const address = addressOf(document);
      const at = Date.parse(now());
      const since = at - (askedAt.get(address) ?? Number.NEGATIVE_INFINITY);
      // It is negative where the clock was set back.
      if (since >= 0 && since < pauseMinutes * 60_000) return null;
      if (askedAt.size >= MOST_REMEMBERED) askedAt.clear();
      askedAt.set(address, at);
      const { bytes, contentType } = await http.get(issueOf(document), {
        accept: 'xml',
        maxBytes: ISSUE_BYTES,
        // Documents are read one after the other, and others wait for this one: it comes again by itself.
        timeoutMs: 60_000,
        attempts: 1,
      });
      return { bytes, contentType };
    },
  };
}

interface WholeIssuesOptions {
  http: Http;
  baseUrl: string;
  /** The present instant, ISO 8601 in UTC. */
  now(): string;
}
