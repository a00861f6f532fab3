const LONGEST = 64;
const previous2 = new Uint8Array(LONGEST + 1);
const previous = new Uint8Array(LONGEST + 1);
const current = new Uint8Array(LONGEST + 1);

/**
 * Letters that must be changed, left out, put in or swapped with a neighbour to make one word of the other
 * (optimal string alignment). More than `most` is told as `most + 1`, and words are compared in their first
 * 64 letters.
 */
export function editDistance(first: string, second: string, most: number): number {
  if (first === second) return 0;
  const [a, b] = first.length <= second.length ? [first, second] : [second, first];
  let start = 0;
  let m = Math.min(a.length, LONGEST);
  let n = Math.min(b.length, LONGEST);
  if (n - m > most) return most + 1;
  while (start < m && a.charCodeAt(start) === b.charCodeAt(start)) start += 1;
  while (m > start && a.charCodeAt(m - 1) === b.charCodeAt(n - 1)) {
    m -= 1;
    n -= 1;
  }
  m -= start;
  n -= start;
  if (m === 0) return Math.min(n, most + 1);
  let rows: [Uint8Array, Uint8Array, Uint8Array] = [previous2, previous, current];
  for (let j = 0; j <= n; j += 1) rows[1][j] = j;
  for (let i = 1; i <= m; i += 1) {
    const [before2, before, row] = rows;
    row[0] = i;
    let least = i;
    const letter = a.charCodeAt(start + i - 1);
    for (let j = 1; j <= n; j += 1) {
      const other = b.charCodeAt(start + j - 1);
      let cost = before[j - 1]! + (letter === other ? 0 : 1);
      if (before[j]! + 1 < cost) cost = before[j]! + 1;
      if (row[j - 1]! + 1 < cost) cost = row[j - 1]! + 1;
      if (
        i > 1 &&
        j > 1 &&
        letter === b.charCodeAt(start + j - 2) &&
        a.charCodeAt(start + i - 2) === other &&
        before2[j - 2]! + 1 < cost
      )
        cost = before2[j - 2]! + 1;
      row[j] = cost;
      if (cost < least) least = cost;
    }
    if (least > most) return most + 1;
    rows = [before, row, before2];
  }
  return Math.min(rows[1][n]!, most + 1);
}
