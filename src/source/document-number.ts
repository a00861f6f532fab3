/** A document number in its one form: plain hyphens (en and em dashes occur; sources, §1.8). */
export function normaliseNumber(number: string): string {
  return number.trim().replace(/[‐-―−]/gu, '-');
}

/** The form to compare: "97-2503" and "97-02503" name one document (sources, §1.8). */
export function padNumber(number: string): string {
  return normaliseNumber(number).replace(
    /-(\d{1,4})$/u,
    (_, digits: string) => `-${digits.padStart(5, '0')}`,
  );
}

/** Forms seen: 2025-05426, E8-19102, 97-2503, C1-2021-10490, R1-2014-15337. */
export const DOCUMENT_NUMBER = /^[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8}){1,3}$/u;
