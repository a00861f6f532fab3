/** A document that the stand-in holds. */
export interface StandInDocument {
  /** The API record; addresses in it and its page views are made by the stand-in. */
  record: Record<string, unknown>;
  /** Null while the full text is not imported: its address is null too. */
  xml: Buffer | null;
  /** Its text as the issue of its day has it, null where it is left out; the full text unless told. */
  printed?: Buffer | null;
  /** Day or instant from which it is shown; its publication date unless told. */
  visibleFrom?: string;
}

export const text = (value: unknown) => (typeof value === 'string' ? value : '');
export const numberOf = ({ record }: StandInDocument) => text(record.document_number);
export const publishedOnOf = ({ record }: StandInDocument) => text(record.publication_date);

/** Whether the API knows the document at a day or instant. Both compare as text. */
export function isVisible(document: StandInDocument, today: string): boolean {
  return (document.visibleFrom ?? publishedOnOf(document)) <= today;
}

/** The form in which numbers are looked up: plain hyphens, the last part of five digits (sources, §1.8). */
export function lookUpForm(number: string): string {
  return number
    .trim()
    .replace(/[‐-―]/gu, '-')
    .replace(/-(\d{1,4})$/u, (_, digits: string) => `-${digits.padStart(5, '0')}`);
}

/** Path of the full text (sources, §1.6). */
export function xmlPathOf(document: StandInDocument): string {
  return `/documents/full_text/xml/${publishedOnOf(document).replaceAll('-', '/')}/${numberOf(document)}.xml`;
}

/**
 * The record as the API gives it. Addresses that a program fetches lie on the stand-in; `html_url` and `pdf_url`
 * are for people and stay as they are. Page views differ at each request.
 */
export function showRecord(
  document: StandInDocument,
  origin: string,
  pageViews: number,
): Record<string, unknown> {
  const number = numberOf(document);
  return {
    ...document.record,
    full_text_xml_url: document.xml === null ? null : origin + xmlPathOf(document),
    json_url: `${origin}/api/v1/documents/${number}?publication_date=${publishedOnOf(document)}`,
    page_views: { count: pageViews, last_updated: new Date().toISOString() },
  };
}
