import { type Command, Option } from 'commander';
import { atLeastOne, day, json, sequenceNumber, type WithApp } from './arguments.ts';

const subscriptionCommands = () => import('./subscriptions.ts');
const deliveries = () => import('./deliveries.ts');

/** Adds `subscriptions` and `deliveries`: who is told, and what was sent. */
export function addSubscriptionCommands(
  program: Command,
  withApp: WithApp,
  exit: (code: number) => void,
): void {
  const subscriptions = program.command('subscriptions').alias('subscribers').description('who is told');
  const subscriptionCommand = (name: string, description: string) =>
    json(subscriptions.command(name)).description(description);
  subscriptionCommand('add <address>', 'tell an address about changes')
    .option(
      '--destination <names-or-codes>',
      'only these destinations, separated by commas (or ";" for names with commas)',
    )
    .option('--kind <kinds>', 'only these kinds: added, revised, removed, editorial')
    .option('--channel <channel>', 'email, webhook, slack or teams', 'email')
    .option('--list <lists>', 'only these: entity-list, unverified-list, military-end-user-list')
    .option('--keyword <words>', 'only entries that mention one of these, separated by commas')
    .option('--contact <address>', 'mail address of the owner of a webhook or a chat')
    .option('--name <name>', 'tells several subscriptions of one target apart')
    .option('--minimum <count>', 'only documents with at least so many matching changes', atLeastOne, 1)
    .option(
      '--schedule <schedule>',
      'immediate, "daily 08:30 Europe/Berlin" or "weekly monday 08:30 Europe/Berlin"',
    )
    .option('--quiet-days', 'a message on business days without any other')
    .option('--date-language <tag>', 'how days are written, such as de or ja')
    .addHelpText(
      'after',
      '\nExample:\n  elwatch subscriptions add compliance@example.org --destination CN,HK --kind added,removed',
    )
    .action((address, options) =>
      withApp(options, async (app, out) => (await subscriptionCommands()).runAdd(app, address, options, out)),
    );
  subscriptionCommand('list', 'show all').action((options) =>
    withApp(options, async (app, out) => (await subscriptionCommands()).runListSubscriptions(app, out)),
  );
  subscriptionCommand('pause <address>', 'stop telling, until resumed').action((address, options) =>
    withApp(options, async (app, out) =>
      (await subscriptionCommands()).runSetStatus(app, address, 'paused', out),
    ),
  );
  subscriptionCommand('resume <address>', 'tell again').action((address, options) =>
    withApp(options, async (app, out) =>
      (await subscriptionCommands()).runSetStatus(app, address, 'active', out),
    ),
  );
  subscriptionCommand('test <target>', 'send a test message now').action((target, options) =>
    withApp(options, async (app, out) => {
      if (!(await (await subscriptionCommands()).runTest(app, target, out))) exit(1);
    }),
  );
  subscriptionCommand('rotate-secret <target>', 'give a webhook a new signing secret').action(
    (target, options) =>
      withApp(options, async (app, out) => (await subscriptionCommands()).runRotateSecret(app, target, out)),
  );
  subscriptionCommand('replay <target>', 'send again what changed after a sequence number')
    .requiredOption('--after <seq>', 'last sequence number that the target has', sequenceNumber)
    .action((target, options) =>
      withApp(options, async (app, out) =>
        (await subscriptionCommands()).runReplay(app, target, options.after, out),
      ),
    );
  subscriptionCommand('remove <address>', 'forget an address').action((address, options) =>
    withApp(options, async (app, out) => (await subscriptionCommands()).runRemove(app, address, out)),
  );
  const ledger = program.command('deliveries').description('what was sent to whom, and what came of it');
  const deliveryCommand = (name: string, description: string, isDefault = false) =>
    json(ledger.command(name, { isDefault })).description(description);
  deliveryCommand('list', 'the last thousand, the newest first', true)
    .addHelpText('after', '\nExample:\n  elwatch deliveries')
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
