import { type CheerioAPI, load } from 'cheerio';
import type { AnyNode, Element } from 'domhandler';
import { SaxesParser } from 'saxes';
import { ElwatchError } from '../errors.ts';

/** Largest body that is read at all. A whole issue of the Federal Register has 3 MB, all of title 15 about 20. */
export const MAX_XML_BYTES = 32 * 1024 * 1024;

/** htmlparser2 is quadratic in depth; real documents stay under 20. */
const MAX_DEPTH = 256;

/**
 * HTML entities that old full texts carry although XML does not know them (sources, §3.5). Everything else
 * but the five of XML stays an error.
 */
const STRAY_ENTITIES: Record<string, string> = {
  nbsp: '\u00a0',
  thinsp: '\u2009',
  emsp: '\u2003',
  ensp: '\u2002',
  mdash: '—',
  ndash: '–',
  sect: '§',
  deg: '°',
  para: '¶',
  bull: '•',
  hellip: '…',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  eacute: 'é',
  Eacute: 'É',
  Ouml: 'Ö',
  Uuml: 'Ü',
  Auml: 'Ä',
  Ccedil: 'Ç',
  Ntilde: 'Ñ',
  szlig: 'ß',
  aring: 'å',
  oslash: 'ø',
  acirc: 'â',
  ecirc: 'ê',
  agrave: 'à',
  egrave: 'è',
  aacute: 'á',
  iacute: 'í',
  oacute: 'ó',
  uacute: 'ú',
  ntilde: 'ñ',
  ouml: 'ö',
  uuml: 'ü',
  auml: 'ä',
  ccedil: 'ç',
};

/** Position of an element in the text, from its `<` to behind its `>`. */
interface Span {
  start: number;
  end: number;
}

/** A text that passed the gate: well-formed, shallow, small, and without a DOCTYPE. */
export interface AdmittedXml {
  text: string;
  /** Name of the root element. */
  root: string;
  /** The `RULE` elements, in order. */
  rules: Span[];
}

function refuse(code: string, message: string, retry: boolean, hint: string): never {
  throw new ElwatchError(code, message, { retry, hint });
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse(
      'bad-encoding',
      'the document is not UTF-8',
      true,
      'fetch it again; if it stays so, the Federal Register changed its encoding: keep the file and report it',
    );
  }
}

/**
 * The gate before any parse. cheerio closes open elements without a word, so a cut download would read as a
 * rule with fewer entries; saxes says where the text breaks.
 *
 * @throws ElwatchError `body-empty`, `body-too-large`, `bad-encoding`, `html-for-xml`, `doctype-refused`,
 *   `too-deep` or `not-well-formed`. `retry` is true where a second download may be better.
 */
export function admitXml(bytes: Uint8Array): AdmittedXml {
  if (bytes.byteLength > MAX_XML_BYTES)
    refuse(
      'body-too-large',
      `the document has ${bytes.byteLength} bytes; at most ${MAX_XML_BYTES} are read`,
      false,
      'no rule is that large: look at what the address serves',
    );
  const text = decode(bytes).replace(
    /&([A-Za-z]+);/gu,
    (entity, name: string) => STRAY_ENTITIES[name] ?? entity,
  );
  if (text.trim() === '')
    refuse('body-empty', 'the document is empty', true, 'fetch it again later; the full text can come late');
  const refuseHtml = () =>
    refuse(
      'html-for-xml',
      'the answer is an HTML page where the XML of a document was expected',
      true,
      'the site may have blocked this client or the file may not be there yet: wait, then fetch again',
    );
  if (/^\s*<(?:!doctype\s+)?html[\s>]/iu.test(text)) refuseHtml();

  const rules: Span[] = [];
  let root = '';
  let depth = 0;
  let ruleStart = -1;
  let ruleDepth = -1;
  const parser = new SaxesParser({ xmlns: false, position: true });
  parser.on('doctype', () =>
    refuse(
      'doctype-refused',
      'the document declares a DOCTYPE',
      false,
      'no Federal Register text does: look at it by hand',
    ),
  );
  parser.on('error', (error) =>
    refuse(
      'not-well-formed',
      `the document is not well-formed XML: ${error.message.slice(0, 200)}`,
      true,
      'a download that was cut reads like this: fetch it again',
    ),
  );
  parser.on('opentag', (tag) => {
    depth += 1;
    if (root === '') root = tag.name;
    // Behind an XML declaration or a comment, where the look above did not see it.
    if (depth === 1 && root.toLowerCase() === 'html') refuseHtml();
    if (depth > MAX_DEPTH)
      refuse(
        'too-deep',
        `elements nest deeper than ${MAX_DEPTH}`,
        false,
        'no Federal Register text does: look at it by hand',
      );
    if (tag.name === 'RULE' && ruleStart < 0) {
      ruleStart = text.lastIndexOf('<RULE', parser.position);
      ruleDepth = depth;
    }
  });
  parser.on('closetag', (tag) => {
    if (tag.name === 'RULE' && depth === ruleDepth) {
      rules.push({ start: ruleStart, end: parser.position });
      ruleStart = -1;
    }
    depth -= 1;
  });
  parser.write(text).close();
  return { text, root, rules };
}

export type { AnyNode, CheerioAPI, Element };

/** A DOM of a piece of admitted XML. */
export function loadXml(text: string): CheerioAPI {
  return load(text, { xml: true });
}
