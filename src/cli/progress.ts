/** Where progress is shown; a terminal, or a file or pipe that keeps every line. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** How a long command says how far it is. */
export interface Progress {
  /** Where it stands: on a terminal one line that is written over, elsewhere nothing. */
  at(text: string): void;
  /** A step that is done: a line that stays; on a terminal it is written over like the rest. */
  step(text: string): void;
  /** Something to know: a line that stays everywhere. */
  note(text: string): void;
  /** Takes the line away that stood last. */
  end(): void;
}

/** Shows progress on stderr, so that stdout holds only the result. */
export function createProgress(stream: ProgressStream = process.stderr): Progress {
  const isTerminal = stream.isTTY === true;
  const clean = (text: string) => text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '');
  let shown = false;
  const wipe = () => {
    if (shown) stream.write('\r\u001b[K');
    shown = false;
  };
  const over = (text: string) => {
    // A terminal that does not know its width says 0.
    const width = Math.max(20, (stream.columns || 80) - 1);
    const line = clean(text);
    stream.write(`\r\u001b[K${line.length > width ? `${line.slice(0, width - 1)}…` : line}`);
    shown = true;
  };
  return {
    at: (text) => {
      if (isTerminal) over(text);
    },
    step: (text) => {
      if (isTerminal) over(text);
      else stream.write(`${clean(text)}\n`);
    },
    note: (text) => {
      wipe();
      stream.write(`${clean(text)}\n`);
    },
    end: wipe,
  };
}
