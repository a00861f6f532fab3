import { readInline } from './inline.ts';
import { createOutline } from './label.ts';
import { type AdmittedXml, loadXml } from './xml.ts';

/**
 * What each amendatory instruction of a document says, word for word, under its number as locators have it ("2.a").
 * For showing beside what was read of it; nothing is read from it.
 *
 * @param at which rule of the text, where it holds a whole issue
 */
export function readInstructionTexts(xml: AdmittedXml, at = 0): Map<string, string> {
  const span = xml.rules[at];
  const $ = loadXml(span ? xml.text.slice(span.start, span.end) : xml.text);
  const place = createOutline(() => ({}));
  const texts = new Map<string, string>();
  for (const element of $('AMDPAR').toArray()) {
    const text = readInline(element.children).lines.join(' ').replace(/\s+/gu, ' ').trim();
    const { label } = place(text);
    if (text === '') continue;
    const before = texts.get(label);
    // A paragraph without a number goes on with the one before it.
    texts.set(label, before === undefined ? text : `${before} ${text}`);
  }
  return texts;
}
