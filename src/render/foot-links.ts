/** Signed links in the foot of a mail. */
export interface FootLinks {
  /** Page on which the reader says that the message was read; null where there is nothing to read. */
  acknowledgeUrl: string | null;
  /** Page on which the reader changes what is told. */
  preferencesUrl: string | null;
}

export const NO_FOOT_LINKS: FootLinks = { acknowledgeUrl: null, preferencesUrl: null };

/** The links of the foot in lines of plain text; an address is never wrapped. */
export function footLinkLines(
  { acknowledgeUrl, preferencesUrl }: FootLinks,
  unsubscribeUrl: string | null,
): string {
  const links = [
    ['Say that you have read it', acknowledgeUrl],
    ['Preferences', preferencesUrl],
    ['Unsubscribe', unsubscribeUrl],
  ] as const;
  return links.flatMap(([label, url]) => (url === null ? [] : [`${label}: ${url}`])).join('\n');
}
