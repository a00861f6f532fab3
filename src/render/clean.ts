/**
 * Makes upstream text safe to show: no control characters, no bidirectional overrides, nothing invisible.
 * Line breaks and tabs stay. Escaping for HTML or CSV is a second step and not done here.
 */
export function cleanText(text: string): string {
  return (
    text
      .replace(/\r\n?|[\u2028\u2029]/gu, '\n')
      // NUL and other controls; Cf holds bidi marks (U+202A-E, U+2066-9) and zero-width characters.
      .replace(/(?![\n\t])[\p{Cc}\p{Cf}]/gu, '')
      // XML 1.0 allows neither lone surrogates nor these two noncharacters.
      .replace(/[\p{Cs}\uFFFE\uFFFF]/gu, '\uFFFD')
  );
}

/** The same on one line: for subjects, headers, titles and names. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/gu, ' ').trim();
}

/** An address from upstream, if it leads to the web: a link may never be javascript: or data:. */
export function webAddress(url: string | null): string | null {
  return url !== null && /^https?:\/\//iu.test(url) ? cleanLine(url) : null;
}

/** Shortens a text to `limit` characters and says so; never cuts silently or through a character. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit).replace(/[\uD800-\uDBFF]$/u, '');
  return `${head}… [shortened, ${text.length} characters in all]`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Cleans and escapes for HTML text and quoted attributes. */
export function escapeHtml(text: string): string {
  return cleanText(text).replace(/[&<>"']/gu, (sign) => ENTITIES[sign] ?? sign);
}

/** Undoes `escapeHtml`, for formats that want plain text. */
export function decodeHtml(html: string): string {
  return Object.entries(ENTITIES).reduceRight((text, [sign, entity]) => text.replaceAll(entity, sign), html);
}
