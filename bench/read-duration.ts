/** Seconds of "30s", "5m" or "2h". @throws Error for anything else */
export function readDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smh])$/u.exec(text);
  if (match === null) throw new Error(`“${text}” is no length of time: write it as 30s, 5m or 2h`);
  return Number(match[1]) * { s: 1, m: 60, h: 3_600 }[match[2] as 's' | 'm' | 'h'];
}
