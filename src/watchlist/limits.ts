/** What a watchlist may be, so that no file costs more than it is worth. Errors state these figures. */
export const MAX_BYTES = 50 * 1024 * 1024;
export const MAX_ROWS = 1_000_000;
/** Sheets are read as a whole: what one unpacks to, and its rows. */
export const MAX_UNPACKED_BYTES = 128 * 1024 * 1024;
export const MAX_SHEET_ROWS = 200_000;
/** Characters. */
export const MAX_NAME = 300;
export const MAX_REF = 100;
export const MAX_ADDRESS = 500;
export const MAX_NOTE = 1_000;
export const MAX_ALIASES = 50;
export const MAX_ADDRESSES = 20;
/** Characters of one line or object: what is longer has a quotation mark that never closes. */
export const MAX_RECORD = 100_000;
export const MAX_COLUMNS = 500;
/** Faults that are listed; the others are counted. */
export const LISTED_FAULTS = 100;
