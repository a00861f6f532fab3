import { type Command, Option } from 'commander';
import { atLeastOne, collect, day, json, sequenceNumber, type WithApp } from './arguments.ts';

const subscriptionCommands = () => import('./subscriptions.ts');
const deliveries = () => import('./deliveries.ts');

/** Adds `subscriptions` and `deliveries`: who is told, and what was sent. */
export function addSubscriptionCommands(
  program: Command,
  withApp: WithApp,
  exit: (code: number) => void,
): void {
  const subscriptions = program
    .command('subscriptions')
    .alias('subscribers')
    .description('who is told')
    .addHelpText(
      'after',
      '\nExamples:\n  elwatch subscriptions add compliance@example.org\n  elwatch subscriptions list',
    );
  const command = (name: string, description: string, ...examples: string[]) =>
    json(subscriptions.command(name))
      .description(description)
      .addHelpText(
        'after',
        `\nExample${examples.length > 1 ? 's' : ''}:\n${examples.map((one) => `  elwatch subscriptions ${one}`).join('\n')}`,
      );
  /** A command about one subscription that is there. */
  const ofOne = (name: string, description: string, ...examples: string[]) =>
    command(name, description, ...examples).argument(
      '<id>',
      'as “subscriptions list” shows it, or the address where it has one subscription only',
    );

  settings(command('add', 'tell an address about changes', ...ADD_EXAMPLES))
    .argument('<address>', 'mail address, or the URL of a webhook or a chat')
    .option('--channel <channel>', 'email, webhook, slack or teams', 'email')
    .option('--organisation <id>', 'whose it is, as “organisations list” shows it', 'operator')
    .action((address, options) =>
      withApp(options, async (app, out) => (await subscriptionCommands()).runAdd(app, address, options, out)),
    );
  settings(ofOne('edit', 'change what is given, and leave the rest as it is', ...EDIT_EXAMPLES))
    .addHelpText('after', '\nAn empty text ("") takes a restriction away.')
    .action((id, options, self: Command) => {
      if (Object.keys(options).every((name) => name === 'json'))
        self.error('error: nothing is given that could be changed', { exitCode: 2 });
      return withApp(options, async (app, out) =>
        (await subscriptionCommands()).runEdit(app, id, options, out),
      );
    });
  command('list', 'show all', 'list', 'list --json').action((options) =>
    withApp(options, async (app, out) => (await subscriptionCommands()).runListSubscriptions(app, out)),
  );
  ofOne('pause', 'stop telling, until resumed', 'pause compliance@example.org').action((id, options) =>
    withApp(options, async (app, out) => (await subscriptionCommands()).runSetStatus(app, id, 'paused', out)),
  );
  ofOne('resume', 'tell again', 'resume compliance@example.org').action((id, options) =>
    withApp(options, async (app, out) => (await subscriptionCommands()).runSetStatus(app, id, 'active', out)),
  );
  ofOne('test', 'send a test message now', 'test compliance@example.org')
    .addHelpText('after', '\nExit code 1 where it is not taken.')
    .action((id, options) =>
      withApp(options, async (app, out) => {
        if (!(await (await subscriptionCommands()).runTest(app, id, out))) exit(1);
      }),
    );
  ofOne('rotate-secret', 'give a webhook a new signing secret', `rotate-secret ${HOOK}`).action(
    (id, options) =>
      withApp(options, async (app, out) => (await subscriptionCommands()).runRotateSecret(app, id, out)),
  );
  ofOne('replay', 'send again what changed after a sequence number', `replay ${HOOK} --after 4102`)
    .requiredOption('--after <seq>', 'last sequence number that the target has; 0 for all', sequenceNumber)
    .action((id, options) =>
      withApp(options, async (app, out) =>
        (await subscriptionCommands()).runReplay(app, id, options.after, out),
      ),
    );
  ofOne('remove', 'forget a subscription', 'remove compliance@example.org').action((id, options) =>
    withApp(options, async (app, out) => (await subscriptionCommands()).runRemove(app, id, out)),
  );

  const ledger = program.command('deliveries').description('what was sent to whom, and what came of it');
  const deliveryCommand = (name: string, description: string, isDefault = false) =>
    json(ledger.command(name, { isDefault })).description(description);
  ledger.addHelpText('after', '\nExample:\n  elwatch deliveries');
  deliveryCommand('list', 'the last thousand, the newest first', true)
    .addHelpText('after', '\nExample:\n  elwatch deliveries list')
    .action((options) => withApp(options, async (app, out) => (await deliveries()).runDeliveries(app, out)));
  deliveryCommand('export', 'all of them into a file, with its SHA-256 beside it')
    .addOption(new Option('--format <format>', 'of the file').choices(['csv', 'json']).default('csv'))
    .requiredOption('--output <file>', 'a file that is not there yet')
    .option('--since <day>', 'only those that were made since', day)
    .addHelpText('after', '\nExample:\n  elwatch deliveries export --output deliveries-2025.csv')
    .action((options) =>
      withApp(options, async (app, out) => (await deliveries()).runExportDeliveries(app, options, out)),
    );
}

const HOOK = 'https://hooks.example.org/elw';
const ADD_EXAMPLES = [
  'add compliance@example.org --destination CN,HK --kind added,removed',
  'add sales@example.org --watchlist customers --watchlist suppliers --no-provisional',
  `add ${HOOK} --channel webhook --contact owner@example.org`,
];
const EDIT_EXAMPLES = [
  'edit compliance@example.org --schedule "daily 08:30 Europe/Berlin"',
  'edit sub_4rT0cVbqk2LJw9XhZs1mNe8u --destination "" --watchlist customers',
];

/** What can be said of a subscription when it is made and later. */
function settings(command: Command): Command {
  return (
    command
      .option(
        '--destination <names-or-codes>',
        'only these destinations, separated by commas (or ";" for names with commas)',
      )
      .option('--kind <kinds>', 'only these kinds: added, revised, removed, editorial')
      .option('--list <lists>', 'only these: entity-list, unverified-list, military-end-user-list')
      .option('--keyword <words>', 'only entries that mention one of these, separated by commas')
      .option(
        '--watchlist <name-or-id>',
        'only changes that hit this one, as “watchlists list” shows it; may be given several times',
        collect,
      )
      .option('--minimum <count>', 'only documents with at least so many matching changes', atLeastOne)
      // Without the positive option in front the negative one would have a default, which edit would store.
      .option('--provisional', 'also filings on public inspection, as usual')
      .option('--no-provisional', 'nothing about filings on public inspection')
      .option('--held', 'also that a rule is held, as usual')
      .option('--no-held', 'nothing about rules that are held')
      .option('--quiet-days', 'a message on business days without any other')
      .option('--no-quiet-days', 'no such message, as usual')
      .option(
        '--schedule <schedule>',
        'immediate, "daily 08:30 Europe/Berlin" or "weekly monday 08:30 Europe/Berlin"',
      )
      .option('--date-language <tag>', 'how days are written, such as de or ja')
      .option('--contact <address>', 'mail address of the owner of a webhook or a chat')
      .option('--name <name>', 'tells several subscriptions of one target apart')
  );
}
