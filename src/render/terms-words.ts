/** A run of text, with the address of what it speaks of where there is one. */
export interface LinkedText {
  text: string;
  url: string | null;
}

/** "744.11" and "746.8(a)(3)": sections of the Export Administration Regulations, parts 730 to 774. */
const SECTION = /\b7[3-7]\d\.\d{1,3}(?:\([A-Za-z0-9]{1,4}\))*/gu;

/** Cuts a license requirement at the sections that it names; each leads to eCFR. The runs spell the text exactly. */
export function linkSections(text: string): LinkedText[] {
  const runs: LinkedText[] = [];
  let at = 0;
  for (const match of text.matchAll(SECTION)) {
    const [number] = match[0].split('(');
    if (match.index > at) runs.push({ text: text.slice(at, match.index), url: null });
    runs.push({ text: match[0], url: `https://www.ecfr.gov/current/title-15/section-${number}` });
    at = match.index + match[0].length;
  }
  if (at < text.length) runs.push({ text: text.slice(at), url: null });
  return runs;
}

const POLICIES: readonly [RegExp, string][] = [
  [/presumption of denial/iu, 'Applications are denied as a rule.'],
  [/policy of denial/iu, 'Applications are denied.'],
  [/case[- ]by[- ]case/iu, 'Each application is weighed by its own facts.'],
  [/presumption of approval/iu, 'Applications are approved as a rule.'],
];

/** What the usual words of a license review policy come to, in plain sentences; none for words that are not usual. */
export function explainPolicy(policy: string): string[] {
  return POLICIES.flatMap(([pattern, words]) => (pattern.test(policy) ? [words] : []));
}

/** What a license requirement comes to; empty where it is not the usual one, or has exceptions. */
export function explainRequirement(requirement: string): string {
  const isWhole = /^\W*(?:for )?all items subject to the EAR\b/iu.test(requirement);
  const isQualified = /\b(?:except|other than|when|unless|excluding)\b/iu.test(requirement);
  return isWhole && !isQualified
    ? 'Whatever is subject to the Export Administration Regulations (EAR) needs a license, EAR99 included.'
    : '';
}
