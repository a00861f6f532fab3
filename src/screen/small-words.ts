/** Words between words, in several languages: their presence says nothing. "And" stands for "&" too. */
export const PARTICLES: readonly string[] =
  `and ve und et & of the for de der den des du von van zu zur la le les el al
  ul ur un ud ad an ar at bin ibn ben bint binti abu abou da do dos di del della delle na no nr num number
  on in to by with im imeni named after ou os aka fka dba zi`
    .split(/\s+/u)
    .filter((word) => /^[a-z]/u.test(word));

/** Forms of address and rank that may stand before a name. */
export const TITLES: readonly string[] =
  `mr mrs ms miss dr prof professor sir shaikh sheikh shaykh sheik haji hajji hajj colonel captain capt
  col maj major lt lieutenant admiral engineer eng mullah maulvi mawlawi maulawi qari sayyid sayed syed
  ayatollah imam president prasident minister senator herr frau monsieur madame academician akademika mv mt`.split(
    /\s+/u,
  );

/** Numbers in words, and Roman ones of two and more letters that are no name themselves ("Xi" is one). */
export const NUMBER_WORDS: Readonly<Record<string, string>> = {
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  ten: '10',
  eleven: '11',
  twelve: '12',
  twenty: '20',
  thirty: '30',
  forty: '40',
  fifty: '50',
  sixty: '60',
  seventy: '70',
  eighty: '80',
  ninety: '90',
  first: '1',
  second: '2',
  third: '3',
  fourth: '4',
  fifth: '5',
  sixth: '6',
  seventh: '7',
  eighth: '8',
  ninth: '9',
  tenth: '10',
  eleventh: '11',
  twelfth: '12',
  thirteenth: '13',
  fourteenth: '14',
  fifteenth: '15',
  ii: '2',
  iii: '3',
  iv: '4',
  vi: '6',
  vii: '7',
  viii: '8',
  ix: '9',
  xii: '12',
  xiii: '13',
  xiv: '14',
  xv: '15',
  xvi: '16',
  xx: '20',
};
