import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { PlacedEntry } from '../model.ts';
import { answerCsl } from './stand-in/csl.ts';
import {
  isVisible,
  lookUpForm,
  numberOf,
  publishedOnOf,
  type StandInDocument,
  showRecord,
  text,
  xmlPathOf,
} from './stand-in/documents.ts';
import { answerEcfr, type StandInSupplement } from './stand-in/ecfr.ts';
import { type Fault, replyFaulty, sendFaulty } from './stand-in/faults.ts';
import { answerIssue } from './stand-in/issue.ts';
import { answerPublicInspection, filingNumberOf, type StandInFiling } from './stand-in/public-inspection.ts';
import { type Reply, replyHtml, replyJson, replyNotFound, replyXml } from './stand-in/reply.ts';
import { searchDocuments } from './stand-in/search.ts';

export type { StandInDocument } from './stand-in/documents.ts';
export type { StandInSupplement } from './stand-in/ecfr.ts';
export type { Fault } from './stand-in/faults.ts';
export type { StandInFiling } from './stand-in/public-inspection.ts';

export interface StandInOptions {
  documents: readonly StandInDocument[];
  supplements: readonly StandInSupplement[];
  /** On public inspection, from the instant they were filed. */
  filings?: readonly StandInFiling[];
  /** Day or instant; the clock of the machine unless told. */
  today?: string;
  port?: number;
  host?: string;
  /** Asked at each request what is to go wrong with it, beside what `failNext` was told; null for nothing. */
  drawFault?: (path: string) => Fault | null;
}

/** A request that the stand-in got; `sentBytes` is what went out for it, counted on its connection. */
export interface StandInRequest {
  /** With its query. */
  path: string;
  /** Milliseconds since 1970. */
  at: number;
  headers: IncomingHttpHeaders;
  readonly sentBytes: number;
}

export interface StandIn {
  /** Base address of all sites, without a slash at its end. */
  readonly url: string;
  /** Documents are there from their publication day (or `visibleFrom`) on. Null: the clock of the machine. */
  today: string | null;
  /** Newest day of eCFR. Null: today. */
  upToDateAsOf: string | null;
  /** eCFR answers 503 and says that title 15 is being processed. */
  processing: boolean;
  /** Whether govinfo has the bulk file of the title; it does not unless told. */
  hasBulkFile: boolean;
  /** Whether govinfo has the issues of days; it does not unless told. */
  hasIssues: boolean;
  /** What the Consolidated Screening List holds. Null: there is no such file. */
  screened: readonly PlacedEntry[] | null;
  /** eCFR refuses `appendix` and gives the supplements with the part. */
  partHoldsSupplements: boolean;
  /** A `per_page` above it silently becomes 20 (2000 unless set). */
  mostPerPage: number;
  readonly requests: StandInRequest[];
  addDocument(document: StandInDocument): void;
  /** Changes what is given and keeps the rest; a `record` replaces the whole record. */
  replaceDocument(number: string, changes: Partial<StandInDocument>): void;
  removeDocument(number: string): void;
  addSupplement(supplement: StandInSupplement): void;
  addFiling(filing: StandInFiling): void;
  /** Changes what is given; fields of `record` that are left out stay as they are. */
  replaceFiling(number: string, changes: Partial<StandInFiling>): void;
  removeFiling(number: string): void;
  /** Lets the next requests whose path begins so go wrong: `times` of them, 1 unless told. */
  failNext(pathPrefix: string, fault: Fault, times?: number): void;
  close(): Promise<void>;
}

const RECORD = /^\/api\/v1\/documents\/([^/]+?)(?:\.json)?$/u;
const AGENCIES = ['industry-and-security-bureau', 'commerce-department'];

/**
 * Starts a local stand-in of federalregister.gov, ecfr.gov, govinfo.gov and data.trade.gov with their quirks (sources,
 * §1, §5.1 and §6), for the demo and for tests. It listens on 127.0.0.1 and a free port unless told.
 */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const documents = [...options.documents];
  const supplements = [...options.supplements];
  const filings = [...(options.filings ?? [])];
  const faults: { prefix: string; fault: Fault; left: number }[] = [];
  const requests: StandInRequest[] = [];

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  const { address, port, family } = server.address() as AddressInfo;
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;

  const standIn: StandIn = {
    url,
    today: options.today ?? null,
    upToDateAsOf: null,
    processing: false,
    hasBulkFile: false,
    hasIssues: false,
    screened: null,
    partHoldsSupplements: false,
    mostPerPage: 2000,
    requests,
    addDocument: (document) => void documents.push(document),
    replaceDocument: (number, changes) => {
      const at = indexOf(number);
      documents[at] = { ...documents[at]!, ...changes };
    },
    removeDocument: (number) => void documents.splice(indexOf(number), 1),
    addSupplement: (supplement) => void supplements.push(supplement),
    addFiling: (filing) => void filings.push(filing),
    replaceFiling: (number, changes) => {
      const at = indexOfFiling(number);
      const before = filings[at]!;
      filings[at] = { ...before, ...changes, record: { ...before.record, ...changes.record } };
    },
    removeFiling: (number) => void filings.splice(indexOfFiling(number), 1),
    failNext: (prefix, fault, times = 1) => void faults.push({ prefix, fault, left: times }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  function indexOf(number: string): number {
    const at = documents.findIndex((document) => lookUpForm(numberOf(document)) === lookUpForm(number));
    if (at < 0) throw new RangeError(`the stand-in has no document ${number}`);
    return at;
  }

  function indexOfFiling(number: string): number {
    const at = filings.findIndex((filing) => lookUpForm(filingNumberOf(filing)) === lookUpForm(number));
    if (at < 0) throw new RangeError(`the stand-in has no filing ${number}`);
    return at;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = new URL(request.url ?? '/', url);
    const { socket } = request;
    const before = socket.bytesWritten;
    const entry = { path: request.url ?? '/', at: Date.now(), headers: request.headers };
    requests.push(
      Object.defineProperty(entry, 'sentBytes', {
        get: () => socket.bytesWritten - before,
      }) as StandInRequest,
    );
    const fault = takeFault(asked.pathname);
    if (fault === 'paging-reset') asked.searchParams.delete('page');
    const reply = answer(asked, request.headers);
    if (fault !== null && (await sendFaulty(fault, reply, response))) return;
    send((fault !== null && replyFaulty(fault, reply)) || reply, request.headers, response);
  }

  function takeFault(path: string): Fault | null {
    const due = faults.find(({ prefix, left }) => left > 0 && path.startsWith(prefix));
    if (!due) return options.drawFault?.(path) ?? null;
    due.left -= 1;
    return due.fault;
  }

  function answer(asked: URL, headers: IncomingHttpHeaders): Reply {
    const today = standIn.today ?? new Date().toISOString();
    const upToDateAsOf = standIn.upToDateAsOf ?? today.slice(0, 10);
    const { processing, partHoldsSupplements, hasBulkFile, mostPerPage } = standIn;
    const ecfr = answerEcfr(asked, headers, {
      ...{ supplements, upToDateAsOf, processing, partHoldsSupplements, hasBulkFile },
    });
    if (ecfr) return ecfr;
    const csl = answerCsl(asked, { entries: standIn.screened, documents, round: requests.length });
    if (csl) return csl;
    const visible = documents.filter((document) => isVisible(document, today));
    const issue = answerIssue(asked, { documents: visible, hasIssues: standIn.hasIssues });
    if (issue) return issue;
    const pageViews = 1000 + requests.length * 7;
    const desk = answerPublicInspection(asked, filings, { today, origin: url, pageViews });
    if (desk) return desk;
    if (asked.pathname === '/api/v1/documents.json' || asked.pathname === '/api/v1/documents')
      return searchDocuments(asked.searchParams, {
        documents: visible,
        agencies: slugsOf(documents),
        origin: url,
        pageViews,
        mostPerPage,
      });
    const number = RECORD.exec(asked.pathname)?.[1];
    if (number !== undefined) {
      const on = asked.searchParams.get('publication_date') || null;
      const wanted = lookUpForm(decodeURIComponent(number));
      const found = visible.find(
        (document) =>
          lookUpForm(numberOf(document)) === wanted && (on === null || publishedOnOf(document) === on),
      );
      return found ? replyJson(showRecord(found, url, pageViews)) : replyNotFound();
    }
    const full = visible.find((document) => document.xml !== null && xmlPathOf(document) === asked.pathname);
    return full?.xml ? replyXml(full.xml) : replyHtml('404 - Page Not Found', 404);
  }

  return standIn;
}

function slugsOf(documents: readonly StandInDocument[]): Set<string> {
  const own = documents.flatMap(({ record }) => (Array.isArray(record.agencies) ? record.agencies : []));
  return new Set([...AGENCIES, ...own.map((agency) => text(agency?.slug)).filter(Boolean)]);
}

function send(reply: Reply, asked: IncomingHttpHeaders, response: ServerResponse): void {
  const gzip = /\bgzip\b/u.test(asked['accept-encoding'] ?? '') && reply.body.length > 0;
  const body = gzip ? gzipSync(reply.body) : reply.body;
  response.writeHead(reply.status, {
    'content-type': reply.type,
    ...reply.headers,
    ...(gzip ? { 'content-encoding': 'gzip' } : {}),
    vary: 'Accept-Encoding',
    'content-length': body.length,
  });
  response.end(body);
}
