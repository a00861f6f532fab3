import { type Command, InvalidArgumentError } from 'commander';
import { json, type WithApp } from './arguments.ts';

const mcp = () => import('./mcp.ts');
const tokens = () => import('./tokens.ts');

function webAddress(text: string): string {
  if (!/^https?:\/\/[^\s?#]+$/iu.test(text) || !URL.canParse(text))
    throw new InvalidArgumentError('It must be an address like https://elwatch.example.org.');
  return text;
}

function requestsAMinute(text: string): number {
  if (!/^\d{1,6}$/u.test(text) || Number(text) < 1 || Number(text) > 100_000)
    throw new InvalidArgumentError('It must be a whole number from 1 to 100000.');
  return Number(text);
}

function organisationId(text: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/u.test(text))
    throw new InvalidArgumentError('It must be lower-case letters, digits and hyphens, at most 40.');
  return text;
}

const name = (most: number) => (text: string) => {
  const line = text.trim();
  if (line === '' || line.length > most || /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(line))
    throw new InvalidArgumentError(`It must be a line of 1 to ${most} characters.`);
  return line;
};

/**
 * Adds `tokens` and `organisations`: who may ask the API for what; and `mcp`, which asks it for a model.
 *
 * @param token for a service that is asked over the network; null for none
 */
export function addApiCommands(program: Command, withApp: WithApp, token: string | null): void {
  const ofTokens = program
    .command('tokens')
    .description('who may ask the API for what')
    .addHelpText('after', '\nExamples:\n  elwatch tokens create reports\n  elwatch tokens list');
  json(ofTokens.command('create'))
    .description('make a token, which is shown this once')
    .argument('<name>', 'what it is for', name(80))
    .option('--scope <scopes>', 'read, subscriptions, watchlists or admin, separated by commas', 'read')
    .option(
      '--organisation <id>',
      'whose it is, as “organisations list” shows it',
      organisationId,
      'operator',
    )
    .option('--per-minute <count>', 'most requests in a minute', requestsAMinute, 600)
    .addHelpText(
      'after',
      '\nExample:\n  elwatch tokens create "screening at the warehouse" --scope watchlists --organisation acme',
    )
    .action((given, options) =>
      withApp(options, async (app, out) => (await tokens()).runCreateToken(app, given, options, out)),
    );
  json(ofTokens.command('list'))
    .description('show all, those that were revoked too')
    .addHelpText('after', '\nExample:\n  elwatch tokens list')
    .action((options) => withApp(options, async (app, out) => (await tokens()).runListTokens(app, out)));
  json(ofTokens.command('revoke'))
    .description('end a token at once')
    .argument('<id>', 'as “tokens list” shows it')
    .addHelpText('after', '\nExample:\n  elwatch tokens revoke tok_Xo2cT8sYp0aQ')
    .action((id, options) =>
      withApp(options, async (app, out) => (await tokens()).runRevokeToken(app, id, out)),
    );

  const organisations = program
    .command('organisations')
    .description('who has subscriptions, watchlists and tokens that no other can see')
    .addHelpText('after', '\nExample:\n  elwatch organisations list');
  json(organisations.command('add'))
    .description('add one')
    .argument('<id>', 'a short id', organisationId)
    .argument('<name>', 'what it is called', name(120))
    .addHelpText('after', '\nExample:\n  elwatch organisations add acme "Acme Ltd."')
    .action((id, given, options) =>
      withApp(options, async (app, out) => (await tokens()).runAddOrganisation(app, id, given, out)),
    );
  json(organisations.command('list'))
    .description('show all')
    .addHelpText('after', '\nExample:\n  elwatch organisations list')
    .action((options) =>
      withApp(options, async (app, out) => (await tokens()).runListOrganisations(app, out)),
    );

  program
    .command('mcp')
    .description('tools for a language model over stdio: search the lists, read changes, screen a name')
    .option('--url <address>', 'ask a service that runs, in place of the store', webAddress)
    .addHelpText(
      'after',
      '\nThe embedded store belongs to one process: while the service runs on it, use --url. ELWATCH_TOKEN is the token for it, with the scope “watchlists” for screening. Calls under way when stdin ends are answered first.\n\nExamples:\n  elwatch mcp\n  elwatch mcp --url http://localhost:8744',
    )
    .action(async ({ url }: { url?: string }) => {
      if (url !== undefined) await (await mcp()).runRemoteMcp(url, token);
      else await withApp({}, async (app) => (await mcp()).runMcp(app));
    });
}
