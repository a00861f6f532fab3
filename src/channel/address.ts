import { domainToASCII } from 'node:url';
import { ElwatchError } from '../errors.ts';

/** RFC 5322 dot-atom without quoted strings and comments: what real mailboxes use. */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/u;

/**
 * One plain mail address, its domain in ASCII ("büro.example" becomes "xn--bro-hoa.example"). Anything
 * else is refused: nodemailer would read `a@b(x)evil.test` or a line break as another recipient.
 */
export function parseAddress(text: string): string {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const written = text.slice(at + 1);
  // domainToASCII would drop or map white space and some signs, so the written form is checked first.
  if (at < 1 || text.length > 254 || local.length > 64 || !/^[\p{L}\p{N}\p{M}.-]+$/u.test(written))
    refuse(text);
  const domain = domainToASCII(written).toLowerCase();
  const labels = domain.split('.');
  const valid =
    LOCAL_PART.test(local) &&
    labels.length > 1 &&
    labels.every((label) => LABEL.test(label)) &&
    // A last label of digits is an IPv4 address, which no subscriber has.
    /[a-z]/u.test(labels.at(-1) ?? '');
  const address = `${local}@${domain}`;
  if (!valid || address.length > 254) refuse(text);
  return address;
}

function refuse(text: string): never {
  const shown = JSON.stringify(text.slice(0, 80));
  throw new ElwatchError('invalid-address', `${shown} is not a plain mail address`, {
    retry: false,
    hint: 'Use one address such as name@example.org, without a display name, quotes or comments.',
  });
}
