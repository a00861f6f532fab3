import { readWatchlist } from '../../src/watchlist/read-watchlist.ts';
import type { WatchlistReading, WatchlistRow } from '../../src/watchlist/reading.ts';
import { spoolUpload } from '../../src/watchlist/spool.ts';

/** A text as its bytes in GB18030, of which the platform only reads: the table is made by reading all pairs. */
export function encodeGb18030(text: string): Buffer {
  pairs ??= readPairs();
  return Buffer.concat(
    [...text].map((mark) => {
      if (mark < '\u0080') return Buffer.from(mark);
      const pair = pairs!.get(mark);
      if (pair === undefined) throw new Error(`${mark} has no pair of bytes`);
      return Buffer.from([pair >> 8, pair & 0xff]);
    }),
  );
}

let pairs: Map<string, number> | null = null;

function readPairs(): Map<string, number> {
  const decoder = new TextDecoder('gb18030');
  const found = new Map<string, number>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1)
    for (let trail = 0x40; trail <= 0xfe; trail += 1)
      if (trail !== 0x7f) found.set(decoder.decode(Uint8Array.of(lead, trail)), lead * 256 + trail);
  return found;
}

/** Bytes in pieces as they come over a line. */
export async function* inPieces(bytes: Buffer, size = 7_001): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** What is read of a file. */
export async function readBytes(
  bytes: Buffer | string,
  { skipFaulty = false, size }: { skipFaulty?: boolean; size?: number } = {},
): Promise<WatchlistReading & { taken: WatchlistRow[]; progress: number[] }> {
  const file = await spoolUpload(inPieces(Buffer.from(bytes), size));
  const taken: WatchlistRow[] = [];
  const progress: number[] = [];
  try {
    const reading = await readWatchlist(file, {
      skipFaulty,
      take: async (rows) => {
        taken.push(...rows);
      },
      progress: (fraction) => progress.push(fraction),
    });
    return { ...reading, taken, progress };
  } finally {
    await file.remove();
  }
}
