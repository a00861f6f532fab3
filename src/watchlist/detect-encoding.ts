export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030' | 'windows-1252';

/** What the bytes of a file say about how its text is encoded. */
export interface EncodingProbe {
  push(chunk: Uint8Array): void;
  /** Null for bytes that are no text. */
  result(): Encoding | null;
}

/**
 * Tells encodings apart by all bytes of a file, chunk by chunk. A byte-order mark decides; then UTF-16 shows by
 * its zeros, and UTF-8 by sequences that are nearly all well-formed (a few broken bytes are faults of their rows,
 * and no reason to misread the others). GB18030 pairs its bytes, so that nearly every run of high bytes is even;
 * in Western text (Windows-1252) they mostly stand alone.
 */
export function createEncodingProbe(): EncodingProbe {
  const head: number[] = [];
  let zeros = 0;
  const zerosAt = [0, 0];
  let position = 0;
  let runLength = 0;
  let evenRuns = 0;
  let oddRuns = 0;
  let wellFormed = 0;
  let broken = 0;
  /** Continuation bytes of a UTF-8 sequence that are still to come. */
  let expected = 0;

  const endRun = () => {
    if (runLength > 0) {
      if (runLength % 2 === 0) evenRuns += 1;
      else oddRuns += 1;
    }
    runLength = 0;
  };
  const readUtf8 = (byte: number) => {
    if (expected > 0) {
      if (byte >= 0x80 && byte < 0xc0) {
        expected -= 1;
        if (expected === 0) wellFormed += 1;
        return;
      }
      broken += 1;
      expected = 0;
    }
    if (byte < 0x80) return;
    if (byte >= 0xc2 && byte < 0xe0) expected = 1;
    else if (byte >= 0xe0 && byte < 0xf0) expected = 2;
    else if (byte >= 0xf0 && byte < 0xf5) expected = 3;
    else broken += 1;
  };

  return {
    push(chunk) {
      for (const byte of chunk) {
        if (head.length < 4) head.push(byte);
        if (byte === 0) {
          zeros += 1;
          zerosAt[position % 2]! += 1;
        }
        position += 1;
        readUtf8(byte);
        if (byte >= 0x80) runLength += 1;
        else endRun();
      }
    },
    result() {
      endRun();
      if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
      if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
      if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
      if (zeros > 0) {
        // ASCII in UTF-16 has a zero in every second byte, and nearly always on one side.
        if (zeros < position / 20) return null;
        if (zerosAt[1]! > 20 * zerosAt[0]!) return 'utf-16le';
        return zerosAt[0]! > 20 * zerosAt[1]! ? 'utf-16be' : null;
      }
      if (expected > 0) broken += 1;
      if (broken === 0 || wellFormed >= 9 * broken) return 'utf-8';
      return evenRuns >= 4 * oddRuns ? 'gb18030' : 'windows-1252';
    },
  };
}
