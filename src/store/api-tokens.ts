import { createHash, randomBytes } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import { ElwatchError } from '../errors.ts';
import { toJson } from './clean-text.ts';
import type { ApiTokenTable, Schema } from './schema.ts';

/** A token as it may be shown: without its hash. */
export type ApiToken = Omit<Selectable<ApiTokenTable>, 'hash'>;

const COLUMNS = [
  'tokenId',
  'organisationId',
  'name',
  'hint',
  'scopes',
  'perMinute',
  'createdAt',
  'lastUsedAt',
  'revokedAt',
] as const;

/** The prefix lets scanners of published code know a token that leaked. */
const FORM = /^elw_[\w-]{43}$/u;
/** When a token was used last is known to the minute, so that reading costs no write each time. */
const USE_PRECISION_MS = 60_000;

/**
 * Makes a token of 256 random bits and answers its text, this once: SHA-256 of it is what is kept. A hash made to
 * be slow is for passwords, which can be guessed.
 *
 * @throws ElwatchError `organisation-unknown`
 */
export async function createApiToken(
  db: Kysely<Schema>,
  added: Pick<ApiToken, 'organisationId' | 'name' | 'scopes' | 'perMinute' | 'createdAt'>,
): Promise<{ token: ApiToken; secret: string }> {
  const known = await db
    .selectFrom('organisation')
    .select('organisationId')
    .where('organisationId', '=', added.organisationId)
    .executeTakeFirst();
  if (known === undefined)
    throw new ElwatchError('organisation-unknown', `there is no organisation “${added.organisationId}”`, {
      retry: false,
      hint: 'Add it first: elwatch organisations add.',
    });
  const secret = `elw_${randomBytes(32).toString('base64url')}`;
  const token = await db
    .insertInto('apiToken')
    .values({
      ...added,
      tokenId: `tok_${randomBytes(9).toString('base64url')}`,
      hash: hashOf(secret),
      hint: `${secret.slice(0, 8)}…`,
      scopes: toJson(added.scopes),
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
  return { token, secret };
}

/**
 * The token that a text is; null where it is none of ours or was revoked. It is found by its hash, so how long that
 * takes tells nothing of how much of a guess was right.
 */
export async function findApiToken(db: Kysely<Schema>, secret: string): Promise<ApiToken | null> {
  const hash = hashOf(FORM.test(secret) ? secret : '');
  const row = await db
    .selectFrom('apiToken')
    .select(COLUMNS)
    .where('hash', '=', hash)
    .where('revokedAt', 'is', null)
    .executeTakeFirst();
  return row ?? null;
}

/** A token by its id, with the hash of its text; null where there is none, or it was revoked. */
export async function findApiTokenById(
  db: Kysely<Schema>,
  tokenId: string,
): Promise<{ token: ApiToken; hash: string } | null> {
  const row = await db
    .selectFrom('apiToken')
    .select([...COLUMNS, 'hash'])
    .where('tokenId', '=', tokenId)
    .where('revokedAt', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { hash, ...token } = row;
  return { token, hash };
}

/** Oldest first. */
export async function listApiTokens(
  db: Kysely<Schema>,
  { organisationId }: { organisationId?: string } = {},
): Promise<ApiToken[]> {
  let query = db.selectFrom('apiToken').select(COLUMNS);
  if (organisationId !== undefined) query = query.where('organisationId', '=', organisationId);
  return query.orderBy('createdAt').orderBy('tokenId').execute();
}

/** Ends a token at once; it stays on record. Answers it, or null where there is none that is good. */
export async function revokeApiToken(
  db: Kysely<Schema>,
  tokenId: string,
  at: string,
  { organisationId }: { organisationId?: string } = {},
): Promise<ApiToken | null> {
  let query = db
    .updateTable('apiToken')
    .set({ revokedAt: at })
    .where('tokenId', '=', tokenId)
    .where('revokedAt', 'is', null);
  if (organisationId !== undefined) query = query.where('organisationId', '=', organisationId);
  return (await query.returning(COLUMNS).executeTakeFirst()) ?? null;
}

/** Notes that a token was used, at most once a minute. */
export async function noteTokenUse(db: Kysely<Schema>, token: ApiToken, at: string): Promise<void> {
  const { tokenId, lastUsedAt } = token;
  if (lastUsedAt !== null && Date.parse(at) - Date.parse(lastUsedAt) < USE_PRECISION_MS) return;
  await db.updateTable('apiToken').set({ lastUsedAt: at }).where('tokenId', '=', tokenId).execute();
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
