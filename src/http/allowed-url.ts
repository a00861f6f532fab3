import { ElwatchError } from '../errors.ts';

export const GOVERNMENT_DOMAINS = ['federalregister.gov', 'govinfo.gov', 'ecfr.gov'];

/** Whether a host is a domain or lies below it. */
export const isWithin = (host: string, domain: string) => host === domain || host.endsWith(`.${domain}`);

/** An address as a message shows it. */
export const shown = (url: string | URL) => String(url).slice(0, 300);

/**
 * Reads an address that may be asked: one on a configured origin, or https on a government site.
 *
 * @throws ElwatchError `host-not-allowed`
 */
export function allowedUrl(address: string, origins: ReadonlySet<string>): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  const government =
    url?.protocol === 'https:' &&
    url.port === '' &&
    GOVERNMENT_DOMAINS.some((domain) => isWithin(url.hostname, domain));
  if (url && !url.username && !url.password && (government || origins.has(url.origin))) return url;
  throw new ElwatchError(
    'host-not-allowed',
    `the address ${shown(address)} is outside the sites that may be asked`,
    {
      retry: false,
      hint: `only ${GOVERNMENT_DOMAINS.join(', ')} by https, FEDERAL_REGISTER_URL and ECFR_URL may be asked`,
    },
  );
}
