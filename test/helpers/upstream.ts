import { onTestFinished } from 'vitest';
import {
  type StandIn,
  type StandInDocument,
  type StandInOptions,
  startStandIn,
} from '../../src/demo/stand-in.ts';
import { ElwatchError } from '../../src/errors.ts';
import { createHttp, type Http, type HttpOptions } from '../../src/http.ts';

/** A stand-in that is closed with the test. It is 2025-06-30 there unless told. */
export async function openUpstream(options: Partial<StandInOptions> = {}): Promise<StandIn> {
  const standIn = await startStandIn({ documents: [], supplements: [], today: '2025-06-30', ...options });
  onTestFinished(() => standIn.close());
  return standIn;
}

/** A client of the stand-in that is closed with the test: unpaced, one try, and no pause, unless told. */
export function openHttp(standIn: { url: string }, options: Partial<HttpOptions> = {}): Http {
  const http = createHttp({
    bases: [standIn.url],
    version: '0.0.1',
    contact: 'https://elwatch.example',
    pace: { perSecond: Number.POSITIVE_INFINITY, xmlPerSecond: Number.POSITIVE_INFINITY },
    ...options,
    retry: { attempts: 1, delayMs: () => 0, ...options.retry },
  });
  onTestFinished(() => http.close());
  return http;
}

const BIS = { raw_name: 'Bureau of Industry and Security', slug: 'industry-and-security-bureau' };

/** A BIS rule on part 744 of 2025-03-28 with a full text, unless its record says otherwise. */
export function makeDocument(
  record: Record<string, unknown>,
  xml: string | null = '<RULE/>',
): StandInDocument {
  return {
    record: {
      document_number: '2025-00001',
      type: 'Rule',
      title: 'Additions to the Entity List',
      abstract: null,
      agencies: [BIS],
      cfr_references: [{ title: 15, part: 744, chapter: null, citation_url: null }],
      publication_date: '2025-03-28',
      effective_on: null,
      start_page: 100,
      html_url: 'https://www.federalregister.gov/d/2025-00001',
      ...record,
    },
    xml: xml === null ? null : Buffer.from(xml),
  };
}

/** The ElwatchError that a call ends with; fails where it ends with none. */
export async function failureOf(call: Promise<unknown>): Promise<ElwatchError> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof ElwatchError) return error;
  throw error;
}
