import type { IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { ListName } from '../../model.ts';
import { type Reply, replyHtml, replyJson, replyXml } from './reply.ts';

/** A supplement in force from a day on, until the next one of its list. */
export interface StandInSupplement {
  list: ListName;
  from: string;
  /** With its `DIV9`; may be gzipped. */
  xml: Buffer;
}

export interface EcfrContext {
  supplements: readonly StandInSupplement[];
  upToDateAsOf: string;
  processing: boolean;
  /** True for the other report of sources §5.1: the part holds the supplements, and `appendix` is refused. */
  partHoldsSupplements: boolean;
  /** False: govinfo has no bulk file. */
  hasBulkFile: boolean;
}

const NUMBERS: Record<ListName, number> = {
  'entity-list': 4,
  'unverified-list': 6,
  'military-end-user-list': 7,
};
const API = '/api/versioner/v1/';
const BULK_FILE = '/bulkdata/ECFR/title-15/ECFR-title15.xml';

/** Answers as the versioner of eCFR and the bulk file do (sources, §5.1); null for a path that is not its own. */
export function answerEcfr(url: URL, headers: IncomingHttpHeaders, context: EcfrContext): Reply | null {
  if (url.pathname === BULK_FILE)
    return context.hasBulkFile ? showTitle(context) : replyHtml('404 Not Found', 404);
  if (!url.pathname.startsWith(API)) return null;
  const full = /^full\/(\d{4}-\d{2}-\d{2})\/title-15\.xml$/u.exec(url.pathname.slice(API.length));
  if (url.pathname === `${API}titles.json`) return replyJson(titles(context));
  if (!full) return replyHtml('The page you were looking for does not exist (404)', 404);
  const gzip = /\bgzip\b/u.test(headers['accept-encoding'] ?? '');
  if (!gzip || !headers['user-agent']?.startsWith('Mozilla/')) return replyHtml('Not Acceptable', 406);
  if (context.processing)
    return { ...replyHtml('Service Unavailable', 503), headers: { 'retry-after': '600' } };
  return showPart(full[1]!, url.searchParams, context);
}

function titles({ upToDateAsOf, processing }: EcfrContext): unknown {
  const title = (number: number, name: string) => ({
    number,
    name,
    latest_amended_on: upToDateAsOf,
    latest_issue_date: upToDateAsOf,
    up_to_date_as_of: upToDateAsOf,
    reserved: false,
    ...(processing ? { processing_in_progress: true } : {}),
  });
  const reserved = {
    number: 35,
    name: 'Panama Canal',
    latest_amended_on: null,
    latest_issue_date: null,
    up_to_date_as_of: null,
    reserved: true,
  };
  return {
    titles: [title(14, 'Aeronautics and Space'), title(15, 'Commerce and Foreign Trade'), reserved],
    meta: { date: upToDateAsOf, import_in_progress: processing },
  };
}

function showPart(on: string, query: URLSearchParams, context: EcfrContext): Reply {
  if (on > context.upToDateAsOf || on < '2017-01-01')
    return replyJson({ error: 'The requested version does not exist' }, 404);
  const appendix = query.get('appendix');
  if (query.get('part') !== '744')
    return replyJson({ error: 'appendix requires part' }, appendix ? 400 : 404);
  const lists = Object.keys(NUMBERS) as ListName[];
  if (appendix === null) {
    const inner = context.partHoldsSupplements ? supplementsOn(on, context) : '';
    const head = '<HEAD>PART 744—CONTROL POLICY: END-USER AND END-USE BASED</HEAD>';
    const section = '<DIV8 N="744.1" TYPE="SECTION"><HEAD>§ 744.1   General provisions.</HEAD></DIV8>';
    return replyXml(
      Buffer.from(
        `<?xml version="1.0" encoding="UTF-8"?>\n<DIV5 N="744" TYPE="PART">${head}${section}${inner}</DIV5>`,
      ),
      'application/xml',
    );
  }
  if (context.partHoldsSupplements) return replyJson({ error: 'appendix is not supported' }, 400);
  const list = lists.find((name) => appendix === `Supplement No. ${NUMBERS[name]} to Part 744`);
  const supplement = list && inForce(list, on, context);
  return supplement
    ? replyXml(plain(supplement.xml), 'application/xml')
    : replyJson({ error: 'No matching content found' }, 404);
}

function inForce(list: ListName, on: string, { supplements }: EcfrContext): StandInSupplement | undefined {
  return supplements
    .filter((supplement) => supplement.list === list && supplement.from <= on)
    .sort((a, b) => (a.from < b.from ? 1 : -1))[0];
}

function supplementsOn(on: string, context: EcfrContext): string {
  const held = (Object.keys(NUMBERS) as ListName[]).flatMap((list) => inForce(list, on, context) ?? []);
  return held.map(({ xml }) => appendicesOf(plain(xml).toString('utf8'))).join('\n');
}

/** The whole title as govinfo has it, with the day to which it is amended. */
function showTitle(context: EcfrContext): Reply {
  const on = context.upToDateAsOf;
  const amended = new Intl.DateTimeFormat('en-US', {
    ...{ year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' },
  }).format(new Date(`${on}T00:00:00Z`));
  const printed = amended.replace(/^(\w{3}) /u, '$1. ');
  return replyXml(
    Buffer.from(
      `<?xml version="1.0" encoding="UTF-8"?>\n<DLPSTEXTCLASS><TEXT><BODY><ECFRBRWS><AMDDATE>${printed}</AMDDATE><DIV5 N="744" NODE="15:2.1.3.4.27" TYPE="PART">${supplementsOn(on, context)}</DIV5></ECFRBRWS></BODY></TEXT></DLPSTEXTCLASS>\n`,
    ),
    'application/xml',
  );
}

const plain = (xml: Buffer) => (xml[0] === 0x1f && xml[1] === 0x8b ? gunzipSync(xml) : xml);

function appendicesOf(xml: string): string {
  const start = xml.indexOf('<DIV9');
  return start < 0 ? '' : xml.slice(start, xml.lastIndexOf('</DIV9>') + '</DIV9>'.length);
}
