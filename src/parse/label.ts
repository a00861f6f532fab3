type LabelKind =
  | 'number'
  | 'letter'
  | 'roman'
  | 'capital'
  | 'bracketed-number'
  | 'bracketed-letter'
  | 'bracketed-roman';

const ROMAN = /^(?:x{0,3})(?:ix|iv|v?i{0,3})$/u;

interface Level<State> {
  kind: LabelKind;
  /** Own label without those above it: "ii". */
  own: string;
  /** Whole label: "2.c.ii". */
  label: string;
  /** True where the paragraph ends in a colon, so that a level below it is to be expected. */
  open: boolean;
  state: State;
}

/** The place of a paragraph in the outline of a document's instructions. */
export interface Place<State> {
  /** "2.c.ii"; "" before the first numbered paragraph. */
  label: string;
  /** What the paragraph inherits from those above it, to be changed in place. */
  state: State;
  /** The paragraph without its labels. */
  text: string;
  /** What is wrong with the label where it does not follow the one before it; null where it does. */
  fault: string | null;
}

/** "2." "a." "ii." "A." "(1)" at the beginning of a paragraph; several can stand in a row ("2. a."). */
function takeLabel(text: string): { label: string; bracketed: boolean; rest: string } | null {
  const match =
    /^\s*(?:\((\d{1,3}|[a-z]{1,5}|[A-Z]{1,2})\)|(\d{1,3}|[a-z]{1,5}|[A-Z]{1,2})\.)(?=\s|\(|$)\s*/u.exec(text);
  if (!match) return null;
  const label = match[1] ?? match[2]!;
  if (/^[a-z]{2,}$/u.test(label) && !ROMAN.test(label) && !/^([a-z])\1$/u.test(label)) return null;
  return { label, bracketed: match[1] !== undefined, rest: text.slice(match[0].length) };
}

/** "a" → "b", "z" → "aa", "aa" → "bb", as rules count on. */
function nextLetter(label: string): string {
  if (label.length > 1) return nextLetter(label[0]!).repeat(label.length);
  return label === 'z' ? 'aa' : String.fromCharCode(label.charCodeAt(0) + 1);
}

const NUMERALS =
  'i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii xxiii xxiv xxv xxvi xxvii xxviii xxix xxx'.split(
    ' ',
  );

/** The label that follows `own`, or the first of its kind where there is none before it. */
function successor(kind: LabelKind, own: string | null): string {
  if (/number/u.test(kind)) return own === null ? '1' : String(Number(own) + 1);
  if (/roman/u.test(kind)) return own === null ? 'i' : (NUMERALS[NUMERALS.indexOf(own) + 1] ?? '');
  if (kind === 'capital') return own === null ? 'A' : nextLetter(own.toLowerCase()).toUpperCase();
  return own === null ? 'a' : nextLetter(own);
}

/**
 * Why a label does not follow the one before it. Numbers may begin anywhere and begin anew, as every part
 * of a document has its own.
 */
function findFault(kind: LabelKind, label: string, before: string | null): string | null {
  if (kind === 'number') {
    const [from, to] = [Number(before ?? Number(label) - 1), Number(label)];
    if (to === from) return `two paragraphs are numbered ${label}`;
    return to > from + 1 ? `no paragraph stands between ${before} and ${label}` : null;
  }
  if (label === before) return `two paragraphs are called ${label}`;
  const wanted = successor(kind, before);
  return label === wanted ? null : `paragraph ${label} stands where ${wanted} is to be expected`;
}

/** "i", "v" and "x" are letters or numerals: a letter only where the level above it waits for that letter. */
function kindOf(label: string, bracketed: boolean, levels: readonly Level<unknown>[]): LabelKind {
  if (/^\d/u.test(label)) return bracketed ? 'bracketed-number' : 'number';
  if (/^[A-Z]/u.test(label)) return 'capital';
  const letter: LabelKind = bracketed ? 'bracketed-letter' : 'letter';
  const roman: LabelKind = bracketed ? 'bracketed-roman' : 'roman';
  if (!ROMAN.test(label)) return letter;
  const lastOf = (kind: LabelKind) => levels.find((level) => level.kind === kind)?.own;
  if (lastOf(roman) !== undefined) return roman;
  const lastLetter = lastOf(letter);
  if (lastLetter !== undefined && nextLetter(lastLetter) === label && !levels.at(-1)!.open) return letter;
  return lastLetter === undefined && label !== 'i' ? letter : roman;
}

/**
 * Makes an outline: give it the paragraphs in order, and it says what each is called and what it inherits.
 *
 * @param blank state of a paragraph that has none above it
 */
export function createOutline<State extends object>(blank: () => State): (paragraph: string) => Place<State> {
  const levels: Level<State>[] = [];
  // An unnumbered paragraph ("Supplement No. 4 to Part 744 [Amended]") speaks for the lettered ones below it.
  let top = blank();
  let number: string | null = null;

  return (paragraph) => {
    let rest = paragraph;
    let fault: string | null = null;
    for (let taken = takeLabel(rest); taken; taken = takeLabel(rest)) {
      const kind = kindOf(taken.label, taken.bracketed, levels);
      const same = levels.findIndex((level) => level.kind === kind);
      // "b." above it was all that the numerals below "a." belonged to.
      fault ??= findFault(
        kind,
        taken.label,
        same >= 0 ? levels[same]!.own : kind === 'number' ? number : null,
      );
      if (kind === 'number') number = taken.label;
      if (same >= 0) levels.length = same;
      if (kind === 'number') {
        levels.length = 0;
        top = blank();
      }
      const above = levels.at(-1);
      levels.push({
        kind,
        open: false,
        own: taken.label,
        label: above ? `${above.label}.${taken.label}` : taken.label,
        state: { ...(above?.state ?? top) },
      });
      rest = taken.rest;
    }
    const level = levels.at(-1);
    if (level) level.open = /:\s*$/u.test(rest);
    return { label: level?.label ?? '', state: level?.state ?? top, text: rest, fault };
  };
}
