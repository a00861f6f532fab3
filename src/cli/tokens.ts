import type { App } from '../app.ts';
import { ElwatchError } from '../errors.ts';
import { SCOPES, type Scope } from '../model.ts';
import { createApiToken, listApiTokens, revokeApiToken } from '../store/api-tokens.ts';
import { addOrganisation, listOrganisations } from '../store/organisations.ts';
import { type Output, table } from './output.ts';

/** @throws ElwatchError `unknown-scope` */
function readScopes(text: string): Scope[] {
  const scopes = text.split(',').map((scope) => scope.trim());
  const unknown = scopes.find((scope) => !SCOPES.includes(scope as Scope));
  if (unknown !== undefined)
    throw new ElwatchError('unknown-scope', `“${unknown}” is no scope`, {
      retry: false,
      hint: `use ${SCOPES.join(', ')}, separated by commas`,
    });
  return [...new Set(scopes)] as Scope[];
}

/** `elwatch tokens create`: the only moment at which the token can be seen. */
export async function runCreateToken(
  { parts }: App,
  name: string,
  { scope, organisation, perMinute }: { scope: string; organisation: string; perMinute: number },
  out: Output,
): Promise<void> {
  const { token, secret } = await createApiToken(parts.db, {
    organisationId: organisation,
    name,
    scopes: readScopes(scope),
    perMinute,
    createdAt: parts.now(),
  });
  out.result({ ...token, token: secret }, () =>
    [
      `Token “${token.name}” of ${token.organisationId}, for ${token.scopes.join(', ')}; shown this once:`,
      secret,
      `It ends with: elwatch tokens revoke ${token.tokenId}`,
    ].join('\n'),
  );
}

/** `elwatch tokens list`: those that were revoked too. */
export async function runListTokens({ parts }: App, out: Output): Promise<void> {
  const tokens = await listApiTokens(parts.db);
  out.result({ tokens }, () =>
    table(
      ['id', 'organisation', 'name', 'begins', 'scopes', 'a minute', 'last used', 'revoked'],
      tokens.map((one) => [
        one.tokenId,
        one.organisationId,
        one.name,
        one.hint,
        one.scopes.join(', '),
        one.perMinute,
        one.lastUsedAt,
        one.revokedAt,
      ]),
      40,
    ),
  );
}

/**
 * `elwatch tokens revoke`: ends a token at once.
 *
 * @throws ElwatchError `token-unknown`
 */
export async function runRevokeToken({ parts }: App, tokenId: string, out: Output): Promise<void> {
  const token = await revokeApiToken(parts.db, tokenId, parts.now());
  if (token === null)
    throw new ElwatchError('token-unknown', `there is no token ${tokenId} that could be revoked`, {
      retry: false,
      hint: 'elwatch tokens list shows the ids, and which were revoked before',
    });
  out.result(token, () => `Token “${token.name}” of ${token.organisationId} opens nothing any more.`);
}

/** `elwatch organisations add`. */
export async function runAddOrganisation(
  { parts }: App,
  organisationId: string,
  name: string,
  out: Output,
): Promise<void> {
  const added = await addOrganisation(parts.db, { organisationId, name, createdAt: parts.now() });
  out.result(added, () =>
    [
      `${added.name} is added as “${added.organisationId}”.`,
      `A token for it: elwatch tokens create <name> --organisation ${added.organisationId} --scope subscriptions`,
    ].join('\n'),
  );
}

/** `elwatch organisations list`. */
export async function runListOrganisations({ parts }: App, out: Output): Promise<void> {
  const organisations = await listOrganisations(parts.db);
  out.result({ organisations }, () =>
    table(
      ['id', 'name', 'since'],
      organisations.map((one) => [one.organisationId, one.name, one.createdAt.slice(0, 10)]),
    ),
  );
}
