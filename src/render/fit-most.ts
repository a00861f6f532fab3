/**
 * The rendering with the most items that fits, by bisection: rendering is cheap, and guessing sizes is not exact.
 *
 * @param render with at most so many items; fewer items must not be larger
 * @returns null where not even the one without items fits
 */
export function fitMost<Rendered>(
  count: number,
  render: (limit: number) => Rendered,
  fits: (rendered: Rendered) => boolean,
): Rendered | null {
  const whole = render(count);
  if (fits(whole)) return whole;
  let best: Rendered | null = null;
  let low = -1;
  let high = count;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const rendered = render(middle);
    if (fits(rendered)) {
      low = middle;
      best = rendered;
    } else high = middle;
  }
  return best;
}
