import { GRAM_COUNT, isExtra } from './grams.ts';
import { Numbers } from './numbers.ts';

/** Rows by the grams that they have. */
export interface GramIndex {
  /** Row → sum of the weights of its grams, without the extra ones. */
  rowWeights: Float32Array;
  /** Gram → where its rows begin in `gramRows`; one more at the end. */
  gramStarts: Uint32Array;
  gramRows: Uint32Array;
  /** Gram → how much it tells: the rarer, the more. */
  gramWeights: Float32Array;
}

/** Collects the grams of rows, which come in order and may have none; `build` makes an index of them. */
export class GramRows {
  private readonly grams = new Numbers();
  private readonly rows = new Numbers();

  add(row: number, grams: readonly number[]): void {
    for (const gram of grams) {
      this.grams.push(gram);
      this.rows.push(row);
    }
  }

  build(rowCount: number): GramIndex {
    const gramStarts = new Uint32Array(GRAM_COUNT + 1);
    for (let at = 0; at < this.grams.length; at += 1) gramStarts[this.grams.at(at) + 1]! += 1;
    const gramWeights = new Float32Array(GRAM_COUNT);
    for (let gram = 0; gram < GRAM_COUNT; gram += 1) {
      gramWeights[gram] = Math.log(1 + rowCount / (1 + gramStarts[gram + 1]!));
      gramStarts[gram + 1]! += gramStarts[gram]!;
    }
    const next = gramStarts.slice();
    const gramRows = new Uint32Array(this.grams.length);
    const rowWeights = new Float32Array(rowCount);
    for (let at = 0; at < this.grams.length; at += 1) {
      const gram = this.grams.at(at);
      const row = this.rows.at(at);
      gramRows[next[gram]!] = row;
      next[gram]! += 1;
      if (!isExtra(gram)) rowWeights[row]! += gramWeights[gram]!;
    }
    return { rowWeights, gramStarts, gramRows, gramWeights };
  }
}
