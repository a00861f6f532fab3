/**
 * Where bounces of one delivery go: "bounces@example.org" becomes "bounces+<deliveryId>@example.org" (variable
 * envelope return path, with the sub-addresses of RFC 5233). Ids are lower-case hex, because servers on the way
 * may change the case of what stands before the "@".
 */
export function toBounceAddress(bounceAddress: string, deliveryId: string): string {
  const at = bounceAddress.lastIndexOf('@');
  return `${bounceAddress.slice(0, at)}+${deliveryId}${bounceAddress.slice(at)}`;
}

/** The id of the delivery in a text that holds such an address, as a To header; null where none is there. */
export function readBounceAddress(bounceAddress: string, text: string): string | null {
  const at = bounceAddress.lastIndexOf('@');
  const head = `${bounceAddress.slice(0, at)}+`.toLowerCase();
  const tail = bounceAddress.slice(at).toLowerCase();
  const written = text.toLowerCase();
  for (let from = written.indexOf(head); from !== -1; from = written.indexOf(head, from + 1)) {
    const id = written.slice(from + head.length, from + head.length + 32);
    const end = from + head.length + 32 + tail.length;
    const isWhole = /[\s<,:;"]/u.test(written[from - 1] ?? ' ') && !/[a-z0-9.-]/u.test(written[end] ?? ' ');
    if (isWhole && /^[0-9a-f]{32}$/u.test(id) && written.slice(end - tail.length, end) === tail) return id;
  }
  return null;
}
