import { numberOf, publishedOnOf, type StandInDocument } from './documents.ts';
import { type Reply, replyHtml, replyXml } from './reply.ts';

const FILE = /^\/bulkdata\/FR\/(\d{4})\/(\d{2})\/FR-(\1-\2-\d{2})\.xml$/u;
/** The parts of an issue in the order of print, and the elements that are documents of each (sources, §3.1). */
const PARTS: [part: string, element: string][] = [
  ['RULES', 'RULE'],
  ['PRORULES', 'PRORULE'],
  ['NOTICES', 'NOTICE'],
  ['PRESDOCS', 'PRESDOCU'],
];

export interface IssueContext {
  /** Those that are published by now. */
  documents: readonly StandInDocument[];
  /** False: govinfo has no issue of any day. */
  hasIssues: boolean;
}

/** Answers with the whole issue of a day as govinfo has it; null for a path that is none of an issue. */
export function answerIssue({ pathname }: URL, { documents, hasIssues }: IssueContext): Reply | null {
  const on = FILE.exec(pathname)?.[3];
  if (on === undefined) return null;
  const printed = documents.filter((document) => publishedOnOf(document) === on);
  if (!hasIssues || printed.length === 0) return replyHtml('404 Not Found', 404);
  return replyXml(Buffer.from(makeIssue(on, printed)), 'application/xml');
}

function makeIssue(on: string, documents: readonly StandInDocument[]): string {
  const texts = documents.map(textOf).filter((one) => one !== '');
  const parts = PARTS.map(([part, element]) => {
    const own = texts.filter((one) => new RegExp(`^<${element}[\\s>]`, 'u').test(one));
    return own.length === 0 ? '' : `<${part}>\n${own.join('\n')}\n</${part}>\n`;
  });
  const contents = documents.map(
    (document) => `<DOCENT><FRDOCBP D="0">${numberOf(document)}</FRDOCBP></DOCENT>`,
  );
  const day = new Intl.DateTimeFormat('en-US', { dateStyle: 'full', timeZone: 'UTC' }).format(
    new Date(`${on}T00:00:00Z`),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<FEDREG xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="FRMergedXML.xsd">
<VOL>${documents[0]!.record.volume}</VOL><NO>1</NO><DATE>${day}</DATE><UNITNAME>Contents</UNITNAME>
<CNTNTS>${contents.join('')}</CNTNTS>
${parts.join('')}</FEDREG>
`;
}

/** The bare element, as the issue has it. */
function textOf({ printed, xml }: StandInDocument): string {
  const whole = (printed === undefined ? xml : printed)?.toString('utf8') ?? '';
  return whole.replace(/^\s*<\?.*?\?>/u, '').trim();
}
