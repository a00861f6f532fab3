import { ElwatchError } from '../errors.ts';
import type { Http } from '../http.ts';

/** The whole list has some 26,000 rows; with addresses and remarks it comes to tens of megabytes. */
const MOST_BYTES = 96 * 1024 * 1024;
const FOLDER = '/downloadable_consolidated_screening_list/v1/consolidated';

export type ScreeningForm = 'csv' | 'json';

export interface Csl {
  /**
   * Fetches the whole Consolidated Screening List; as JSON where the CSV is not to be had. The file says no day:
   * it is made anew each day at 5:00 in Washington.
   *
   * @throws ElwatchError as `Http.get` does
   */
  fetchList(): Promise<{ bytes: Buffer; form: ScreeningForm; url: string }>;
}

/** Opens the client of data.trade.gov. `baseUrl` is the site, without a slash at its end (sources, §6). */
export function createCsl({ http, baseUrl }: { http: Http; baseUrl: string }): Csl {
  const fetchAs = async (form: ScreeningForm) => {
    const { bytes, url } = await http.get(`${baseUrl}${FOLDER}.${form}`, {
      accept: form,
      maxBytes: MOST_BYTES,
      timeoutMs: 300_000,
    });
    return { bytes, form, url };
  };
  return {
    fetchList: () =>
      fetchAs('csv').catch((error: unknown) => {
        // Moved, or served as something else: the other form may still be right. A site that is down is down.
        const other = ['http-404', 'http-410', 'wrong-content-type', 'body-empty'];
        if (!(error instanceof ElwatchError) || !other.includes(error.code)) throw error;
        return fetchAs('json').catch(() => Promise.reject(error));
      }),
  };
}
