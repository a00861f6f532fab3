import { buildNameIndex, type NameIndex } from '../screen/name-index.ts';
import { screen } from '../screen/screen.ts';
import type { Subject } from '../screen/subject.ts';
import { serveThread } from '../thread.ts';

type Question = { entries: Subject[] } | { queries: Subject[]; threshold: number };

let index: NameIndex | null = null;

serveThread(async (asked) => {
  const question = asked as Question;
  if ('entries' in question) {
    index = buildNameIndex(question.entries);
    return null;
  }
  return screen(index!, question.queries, { threshold: question.threshold });
});
