/** Wraps a paragraph at 76 columns; a word longer than a line, as a link, stays whole. */
export function wrapText(text: string, indent = '', hanging = indent): string {
  const width = 76;
  const lines: string[] = [];
  let line = indent;
  let empty = true;
  for (const word of text.split(/\s+/u).filter((part) => part !== '')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = hanging;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join('\n');
}
