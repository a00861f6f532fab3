import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { App } from './app.ts';
import { createOutput, type Output, reportFailure } from './cli/output.ts';
import { type Config, readConfig } from './config.ts';
import { isDay } from './days.ts';
import { LIST_NAMES } from './model.ts';
import { ROLES } from './roles.ts';
import { readVersion } from './version.ts';

function day(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError('It must be a day like 2025-03-28.');
  return text;
}

function atLeastOne(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return count;
}

const listOption = () => new Option('--list <list>', 'which list').choices(LIST_NAMES).default('entity-list');

// Each command loads what it needs when it runs: `parse` waits for no database and `--help` for nothing.
const doctor = () => import('./cli/doctor.ts');
const lists = () => import('./cli/lists.ts');
const parse = () => import('./cli/parse.ts');
const start = () => import('./cli/start.ts');
const subscriberCommands = () => import('./cli/subscribers.ts');
const work = () => import('./cli/work.ts');
const demo = () => import('./demo/demo.ts');

/** The command tree. `exit` receives the exit code of a command that has something to say by it. */
function buildProgram(exit: (code: number) => void): Command {
  const program = new Command('elwatch')
    .description('Watches the Federal Register for rules that change the US export-control lists.')
    .version(readVersion())
    .showHelpAfterError('(see --help)')
    .addHelpText(
      'after',
      '\nConfiguration is by environment variables; .env.example lists them.\nExit codes: 0 success, 1 a failure explained in one line, 2 wrong usage.\nAn unofficial source, and no legal advice.',
    );

  /** A command that takes --json; its output is handed over with the arguments. */
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option('--json', 'print one JSON document on stdout; logs go to stderr');
  const output = (options: { json?: boolean }): Output => createOutput(options.json === true);
  const withApp = async (options: { json?: boolean }, run: (app: App, out: Output) => Promise<void>) => {
    // A command shows its result, not its log: only what is wrong goes to stderr.
    const { openApp } = await import('./app.ts');
    const app = await openApp({ ...quiet(readConfig(process.env)) });
    try {
      await run(app, output(options));
    } finally {
      await app.close();
    }
  };

  command('start', 'run the service: polls, reads rules, keeps the list, alerts, serves pages and feeds')
    .addOption(new Option('--role <role>', 'what this process does').choices(ROLES).default('all'))
    .addHelpText(
      'after',
      '\nExample:\n  SMTP_URL=smtp://mail.example.org:587 BASE_URL=https://elwatch.example.org elwatch start',
    )
    .action(async (options) => (await start()).runStart(readConfig(process.env), options.role));
  command('demo', 'replay 25 to 28 March 2025 against a local stand-in of the Federal Register')
    .option('--once', 'end with exit code 0 when the replay is done')
    .addHelpText('after', '\nExample:\n  elwatch demo --once')
    .action(async (options) => {
      await (await demo()).runDemo({ once: options.once === true, env: process.env }, output(options));
    });

  command('poll', 'one round of the job without a queue: find, read, apply, send')
    .addHelpText('after', '\nExample:\n  elwatch poll --json')
    .action((options) => withApp(options, async (app, out) => (await work()).runPoll(app, out)));
  command('ingest <number>', 'one document, by its number')
    .option('--published-on <day>', 'its day of publication, where a number was used twice', day)
    .addHelpText('after', '\nExample:\n  elwatch ingest 2025-05426')
    .action((number, options) =>
      withApp(options, async (app, out) => (await work()).runIngest(app, number, options, out)),
    );

  command('parse <file.xml>', 'read and self-check one document; no store, no network')
    .option('--meta <file.json>', 'its record from the API, for page, date and abstract')
    .addHelpText(
      'after',
      '\nExample:\n  elwatch parse fixtures/rules/2025-05426/source.xml --meta fixtures/rules/2025-05426/source.json',
    )
    .action(async (file, options) => (await parse()).runParse(file, options, output(options)));
  command('snapshot <ecfr.xml>', "read a supplement's table as eCFR prints it")
    .addOption(listOption())
    .addHelpText('after', '\nExample:\n  elwatch snapshot title-15.xml --json > list.json')
    .action(async (file, options) => (await parse()).runSnapshot(file, options, output(options)));

  command('baseline <file-or-day>', 'load a list: a raw or parsed supplement from a file, or eCFR at a day')
    .addOption(listOption())
    .option('--on <day>', 'the day that a file shows (today unless told)', day)
    .addHelpText(
      'after',
      '\nExamples:\n  elwatch baseline 2025-03-24\n  elwatch baseline list.json --on 2025-03-24',
    )
    .action((source, options) =>
      withApp(options, async (app, out) => (await lists()).runBaseline(app, source, options, out)),
    );
  command('list', 'the list on a day')
    .addOption(listOption())
    .option('--as-of <day>', 'the day, today unless told', day)
    .option('--destination <name-or-code>', 'only this destination')
    .addOption(new Option('--format <format>', 'instead of a table').choices(['json', 'csv']))
    .addHelpText('after', '\nExample:\n  elwatch list --as-of 2025-03-28 --destination TAIWAN')
    .action((options) => withApp(options, async (app, out) => (await lists()).runList(app, options, out)));
  command('changes', 'what rules changed')
    .option('--since <day>', 'effective or known since', day)
    .option('--document <number>', 'only by this document')
    .addHelpText('after', '\nExample:\n  elwatch changes --document 2025-05427')
    .action((options) => withApp(options, async (app, out) => (await lists()).runChanges(app, options, out)));
  command('documents', 'every document that was looked at, and what became of it')
    .addHelpText('after', '\nExample:\n  elwatch documents --json')
    .action((options) => withApp(options, async (app, out) => (await lists()).runDocuments(app, out)));
  command('issues', 'what could not be accounted for')
    .addHelpText('after', '\nExample:\n  elwatch issues')
    .action((options) => withApp(options, async (app, out) => (await lists()).runIssues(app, out)));

  const subscribers = program.command('subscribers').description('who is told');
  const subscriberCommand = (name: string, description: string) =>
    subscribers
      .command(name)
      .description(description)
      .option('--json', 'print one JSON document on stdout; logs go to stderr');
  subscriberCommand('add <address>', 'tell an address about changes')
    .option(
      '--destination <names-or-codes>',
      'only these destinations, separated by commas (or ";" for names with commas)',
    )
    .option('--kind <kinds>', 'only these kinds: added, revised, removed, editorial')
    .option('--minimum <count>', 'only documents with at least so many matching changes', atLeastOne, 1)
    .addHelpText(
      'after',
      '\nExample:\n  elwatch subscribers add compliance@example.org --destination CN,HK --kind added,removed',
    )
    .action((address, options) =>
      withApp(options, async (app, out) => (await subscriberCommands()).runAdd(app, address, options, out)),
    );
  subscriberCommand('list', 'show all').action((options) =>
    withApp(options, async (app, out) => (await subscriberCommands()).runListSubscribers(app, out)),
  );
  subscriberCommand('pause <address>', 'stop telling, until resumed').action((address, options) =>
    withApp(options, async (app, out) =>
      (await subscriberCommands()).runSetStatus(app, address, 'paused', out),
    ),
  );
  subscriberCommand('resume <address>', 'tell again').action((address, options) =>
    withApp(options, async (app, out) =>
      (await subscriberCommands()).runSetStatus(app, address, 'active', out),
    ),
  );
  subscriberCommand('remove <address>', 'forget an address').action((address, options) =>
    withApp(options, async (app, out) => (await subscriberCommands()).runRemove(app, address, out)),
  );
  command('deliveries', 'what was sent to whom, and what came of it')
    .addHelpText('after', '\nExample:\n  elwatch deliveries')
    .action((options) =>
      withApp(options, async (app, out) => (await subscriberCommands()).runDeliveries(app, out)),
    );
  command('doctor', 'check configuration, store, queue, mail and upstream, each in one line')
    .addHelpText('after', '\nExample:\n  elwatch doctor')
    .action(async (options) =>
      exit((await (await doctor()).runDoctor(quiet(readConfig(process.env)), output(options))) ? 0 : 1),
    );
  return program;
}

/** A command's own log would bury its result; problems still show. */
function quiet(config: Config): Config {
  return { ...config, logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel };
}

/** Runs one command line. Answers the exit code: 0 success, 1 a failure, 2 wrong usage. */
export async function main(argv: string[]): Promise<number> {
  let code = 0;
  const program = buildProgram((given) => {
    code = given;
  });
  // A reader that went away (`elwatch list | head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
  const all = (of: Command): Command[] => [of, ...of.commands.flatMap(all)];
  for (const each of all(program)) each.exitOverride();
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    reportFailure(error, argv.includes('--json'));
    return 1;
  }
}
