import type { ParserOptions, SerializerOptions } from '@electric-sql/pglite';
import pg from 'pg';

const OID = { int8: 20, bytea: 17, date: 1082, timestamptz: 1184 } as const;

/** How a column's text becomes a value, by type id; what is not here the drivers read alike. */
const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  // Sequence numbers and counts stay far below 2^53.
  [OID.int8]: Number,
  [OID.bytea]: (text) => Buffer.from(text.slice(2), 'hex'),
  // A day is not an instant: it must never pass through Date and a time zone.
  [OID.date]: (text) => text,
  [OID.timestamptz]: toInstant,
};

/** For `parsers` of PGlite. */
export function pgliteParsers(): ParserOptions {
  return { ...PARSERS };
}

/**
 * For `serializers` of PGlite: bytes go as they are, which its protocol takes for the binary form. Its own serializer
 * writes them sign by sign, and 10 MB would keep everybody waiting for seconds.
 */
export function pgliteSerializers(): SerializerOptions {
  return { [OID.bytea]: (bytes: Uint8Array) => bytes as unknown as string };
}

/** For `types` of one pg client: a global setTypeParser would change every other user of pg in the process. */
export function pgTypes(): pg.CustomTypesConfig {
  return {
    getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
      PARSERS[oid] ?? pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
  };
}

/** '2026-11-24 00:15:46.123456+05:30' → '2026-11-23T18:45:46.123Z' */
function toInstant(text: string): string {
  const offset = /[+-]\d\d$/u.test(text) ? `${text}:00` : text;
  return new Date(offset.replace(' ', 'T')).toISOString();
}
