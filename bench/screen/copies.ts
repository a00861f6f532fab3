/** What a scribe does to a name without making it another: each must find the entry of the name. */
export const COPIES: readonly (readonly [how: string, copy: (name: string) => string])[] = [
  ['as it is', (name) => name],
  ['in capitals', (name) => name.toUpperCase()],
  ['without punctuation', (name) => name.replace(/[^\p{L}\p{N}\s]/gu, '')],
  ['with spaces for punctuation', (name) => name.replace(/[^\p{L}\p{N}\s]/gu, ' ')],
  ['backwards, word by word', (name) => name.split(/\s+/u).reverse().join(' ')],
  [
    'without its last legal form',
    (name) => name.replace(/,?\s+(?:(?:Co\.|Private),?\s+)?(?:Ltd|LLC|Inc|JSC)\.?$/iu, ''),
  ],
  ['without spaces', (name) => name.replace(/\s+/gu, '')],
];
