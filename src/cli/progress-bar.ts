const WIDTH = 24;

/** How much is done, as "█████░░░  40 %  …" for a line that is written over. `fraction` is 0 to 1. */
export function progressBar(fraction: number, what: string): string {
  const share = Math.min(1, Math.max(0, fraction));
  const full = Math.round(share * WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${String(Math.floor(share * 100)).padStart(3)} %  ${what}`;
}
