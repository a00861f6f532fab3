import { type ReaderName, readHere } from '../parser.ts';
import { serveThread } from '../thread.ts';

serveThread(async (question) => {
  const { name, asked } = question as { name: ReaderName; asked: unknown[] };
  return readHere(name, asked);
});
