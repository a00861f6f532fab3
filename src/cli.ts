import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { App } from './app.ts';
import { addApiCommands } from './cli/api-commands.ts';
import { createOutput, type Output, reportFailure } from './cli/output.ts';
import { addScreenCommands } from './cli/screen-commands.ts';
import { type Config, readConfig } from './config.ts';
import { endOfDay, isDay } from './days.ts';
import { AUDIT_SOURCES, LIST_NAMES } from './model.ts';
import { ROLES } from './roles.ts';
import { readVersion } from './version.ts';

function day(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError('It must be a day like 2025-03-28.');
  return text;
}

/** An instant of our clock: ISO 8601 with a zone, or a day for its end in Washington. */
function instant(text: string): string {
  if (isDay(text)) return endOfDay(text);
  const time = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/u.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new InvalidArgumentError('It must be an instant like 2025-03-28T16:15:00-04:00, or a day.');
  return new Date(time).toISOString();
}

function atLeastOne(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return count;
}

function sequenceNumber(text: string): number {
  if (!/^\d{1,15}$/u.test(text)) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return Number(text);
}

/** A text for the record: one line that says something, of a bounded length. */
const said = (most: number) => (text: string) => {
  const line = text.replace(/\s+/gu, ' ').trim();
  if (line === '' || line.length > most || /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(line))
    throw new InvalidArgumentError(`It must be a text of 1 to ${most} characters.`);
  return line;
};

/** Words of a source, as they stand there. */
const source = (least: number) => (text: string) => {
  if (text.trim().length < least || text.length > 20_000)
    throw new InvalidArgumentError(`It must be a text of ${least} to 20000 characters.`);
  return text;
};

const listOption = () => new Option('--list <list>', 'which list').choices(LIST_NAMES).default('entity-list');

// Each command loads what it needs when it runs: `parse` waits for no database and `--help` for nothing.
const audits = () => import('./cli/audit.ts');
const backfill = () => import('./cli/backfill.ts');
const deliveries = () => import('./cli/deliveries.ts');
const doctor = () => import('./cli/doctor.ts');
const held = () => import('./cli/held.ts');
const decisions = () => import('./cli/held-decide.ts');
const history = () => import('./cli/history.ts');
const lists = () => import('./cli/lists.ts');
const parse = () => import('./cli/parse.ts');
const record = () => import('./cli/record.ts');
const start = () => import('./cli/start.ts');
const subscriptionCommands = () => import('./cli/subscriptions.ts');
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
      '\nConfiguration is by environment variables; .env.example lists them.\nExit codes: 0 success, 1 a failure explained in one line, 2 wrong usage,\n3 a counterparty is hit (screen, watchlists screen).\nAn unofficial source, and no legal advice.',
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

  command('backfill', 'the rules of a past window, in the order of print; nobody is told about old ones')
    .requiredOption('--from <day>', 'first day of publication', day)
    .option('--to <day>', 'last day of publication, today unless told', day)
    .addHelpText(
      'after',
      '\nExample:\n  elwatch baseline 2022-01-01 && elwatch backfill --from 2022-01-01\n\nStop it when you like: run again, it goes on where it was. Progress goes to stderr.',
    )
    .action((options) =>
      withApp(options, async (app, out) =>
        exit((await (await backfill()).runBackfill(app, options, out)) ? 0 : 1),
      ),
    );

  command('parse <file.xml>', 'read and self-check one document; no store, no network')
    .option('--meta <file.json>', 'its record from the API, for page, date and abstract')
    .addHelpText(
      'after',
      '\nExample:\n  elwatch parse fixtures/rules/2025-05426/source.xml --meta fixtures/rules/2025-05426/source.json',
    )
    .action(async (file, options) => (await parse()).runParse(file, options, output(options)));
  command('record <number|from..to...>', 'fetch live documents as fixtures, and say what is not understood')
    .option('--into <folder>', 'where each gets a folder', 'fixtures/rules')
    .option('--force', 'overwrite folders that are there; a why.md is kept')
    .option('--all', 'of days: also rules that amend no list')
    .option('--report <file>', 'all of it in one text file, to send')
    .addHelpText(
      'after',
      '\nExamples:\n  elwatch record 2025-05426 --into fixtures/rules\n  elwatch record 2025-03-01..2025-03-31 --report march.txt',
    )
    .action(async (what, options) =>
      (await record()).runRecord(readConfig(process.env), what, options, output(options)),
    );
  command('snapshot <ecfr.xml>', "read a supplement's table as eCFR prints it")
    .addOption(listOption())
    .addHelpText('after', '\nExample:\n  elwatch snapshot title-15.xml --json > list.json')
    .action(async (file, options) => (await parse()).runSnapshot(file, options, output(options)));

  command(
    'baseline <file-or-day>',
    'load a list: from a file (a supplement, a part, a whole title, raw or parsed), eCFR at a day, or “bulk”',
  )
    .addOption(listOption())
    .option('--on <day>', 'the day that a file shows (today unless told)', day)
    .addHelpText(
      'after',
      '\nExamples:\n  elwatch baseline 2025-03-24\n  elwatch baseline list.json --on 2025-03-24\n  elwatch baseline bulk\n\n“bulk” is the bulk file of title 15 at govinfo.gov, for when eCFR does not answer.',
    )
    .action((source, options) =>
      withApp(options, async (app, out) => (await lists()).runBaseline(app, source, options, out)),
    );
  command('list', 'the list on a day')
    .addOption(listOption())
    .option('--as-of <day>', 'the day on which it had legal effect, today unless told', day)
    .option('--known-at <instant>', 'only what we knew by then (a day means its end in Washington)', instant)
    .option('--destination <name-or-code>', 'only this destination')
    .addOption(new Option('--format <format>', 'instead of a table').choices(['json', 'csv']))
    .addHelpText('after', '\nExample:\n  elwatch list --as-of 2025-03-28 --destination TAIWAN')
    .action((options) => withApp(options, async (app, out) => (await lists()).runList(app, options, out)));
  command('changes', 'what rules changed')
    .option('--since <day>', 'effective or known since', day)
    .option('--document <number>', 'only by this document')
    .addHelpText('after', '\nExample:\n  elwatch changes --document 2025-05427')
    .action((options) => withApp(options, async (app, out) => (await lists()).runChanges(app, options, out)));
  command('diff', 'what differs between the list on two days')
    .argument('<from>', 'a day', day)
    .argument('<to>', 'a later or earlier day', day)
    .addOption(listOption())
    .option('--known-at <instant>', 'only what we knew by then', instant)
    .addHelpText('after', '\nExample:\n  elwatch diff 2025-03-24 2025-03-28')
    .action((from, to, options) =>
      withApp(options, async (app, out) => (await history()).runDiff(app, from, to, options, out)),
    );
  command('why <name>', 'every rule that touched an entry, with paragraph and link')
    .addHelpText('after', '\nExample:\n  elwatch why "Inspur"')
    .action((name, options) =>
      withApp(options, async (app, out) => (await history()).runWhy(app, name, out)),
    );
  command('rebuild', 'rebuild the lists from their changes and compare the state hashes')
    .option('--write', 'write stored entries that strayed anew from the changes')
    .addHelpText(
      'after',
      '\nExit code 1 where the list and its changes disagree.\n\nExample:\n  elwatch rebuild',
    )
    .action((options) =>
      withApp(options, async (app, out) =>
        exit((await (await history()).runRebuild(app, options, out)) ? 0 : 1),
      ),
    );
  command(
    'reparse',
    'read stored texts anew with this parser; what now reads differently is corrected quietly',
  )
    .option('--document <number>', 'only this document')
    .option('--all', 'also those that this parser has read already')
    .addHelpText('after', '\nExample:\n  elwatch reparse --document 2025-05426')
    .action((options) =>
      withApp(options, async (app, out) => (await history()).runReparse(app, options, out)),
    );
  command('documents', 'every document that was looked at, and what became of it')
    .addHelpText('after', '\nExample:\n  elwatch documents --json')
    .action((options) => withApp(options, async (app, out) => (await lists()).runDocuments(app, out)));
  command('issues', 'what could not be accounted for')
    .addHelpText('after', '\nExample:\n  elwatch issues')
    .action((options) => withApp(options, async (app, out) => (await lists()).runIssues(app, out)));
  command('audit', 'compare our lists with eCFR and the Consolidated Screening List now, as each night')
    .addOption(new Option('--source <source>', 'only this one').choices(AUDIT_SOURCES))
    .addOption(new Option('--list <list>', 'only this list').choices(LIST_NAMES))
    .option('--accept-shrink', 'take a source although it lost rows: you looked, and it is right')
    .addHelpText(
      'after',
      '\nExit code 1 where something differs that no recent rule explains, or a source failed or was refused.\n\nExamples:\n  elwatch audit\n  elwatch audit --source csl --list entity-list --accept-shrink',
    )
    .action((options) =>
      withApp(options, async (app, out) =>
        exit((await (await audits()).runAudit(app, options, out)) ? 0 : 1),
      ),
    );
  command('ledger', 'how far each rule had come in eCFR and in the Consolidated Screening List, by date')
    .option('--document <number>', 'only this rule')
    .addHelpText('after', '\nExample:\n  elwatch ledger --document 2025-05426')
    .action((options) => withApp(options, async (app, out) => (await audits()).runLedger(app, options, out)));

  const queue = program.command('held').description('documents that wait for a person, and what to do');
  const heldCommand = (name: string, description: string, isDefault = false) =>
    queue
      .command(name, { isDefault })
      .description(description)
      .option('--json', 'print one JSON document on stdout; logs go to stderr');
  const decision = (name: string, description: string) =>
    heldCommand(name, description)
      .option('--published-on <day>', 'its day of publication, where a number was used twice', day)
      .requiredOption('--reason <text>', 'why, for the record', said(1_000))
      .option('--who <name>', 'who decides; the name of the system user unless told', said(100));
  heldCommand('list', 'the queue, with reason, excerpt and the next command', true)
    .addHelpText('after', '\nExample:\n  elwatch held')
    .action((options) => withApp(options, async (app, out) => (await held()).runHeldQueue(app, out)));
  heldCommand('show <number>', 'why one is held, with the markup that was not understood')
    .option('--published-on <day>', 'its day of publication, where a number was used twice', day)
    .addHelpText('after', '\nExample:\n  elwatch held show 2025-05426')
    .action((number, options) =>
      withApp(options, async (app, out) => (await held()).runHeldShow(app, number, options, out)),
    );
  decision('accept <number>', 'apply it although a check fails')
    .addHelpText(
      'after',
      '\nExample:\n  elwatch held accept 2025-05426 --reason "the abstract counts two aliases as entities"',
    )
    .action((number, options) =>
      withApp(options, async (app, out) => (await decisions()).runHeldAccept(app, number, options, out)),
    );
  decision('replace <number>', 'read other words in place of some of its source')
    .requiredOption(
      '--find <words>',
      'words of the source with their tags, which stand there once',
      source(3),
    )
    .requiredOption('--by <words>', 'what to read in their place', source(0))
    .addHelpText(
      'after',
      '\nExample:\n  elwatch held replace 2025-05426 --find "Supplement No. 4 of part" --by "Supplement No. 4 to part" --reason "a slip of print"',
    )
    .action((number, options) =>
      withApp(options, async (app, out) => (await decisions()).runHeldReplace(app, number, options, out)),
    );
  decision('ignore <number>', 'leave it out for good')
    .addHelpText(
      'after',
      '\nExample:\n  elwatch held ignore 2025-05426 --reason "it repeats a rule that was applied"',
    )
    .action((number, options) =>
      withApp(options, async (app, out) => (await decisions()).runHeldIgnore(app, number, options, out)),
    );
  heldCommand('undo <number>', 'end what was decided about it; the record of it stays')
    .option('--published-on <day>', 'its day of publication, where a number was used twice', day)
    .addHelpText('after', '\nExample:\n  elwatch held undo 2025-05426')
    .action((number, options) =>
      withApp(options, async (app, out) => (await decisions()).runHeldUndo(app, number, options, out)),
    );

  const subscriptions = program.command('subscriptions').alias('subscribers').description('who is told');
  const subscriptionCommand = (name: string, description: string) =>
    subscriptions
      .command(name)
      .description(description)
      .option('--json', 'print one JSON document on stdout; logs go to stderr');
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
  addScreenCommands(program, withApp, exit);
  addApiCommands(program, withApp, process.env.ELWATCH_TOKEN ?? null);
  const ledger = program.command('deliveries').description('what was sent to whom, and what came of it');
  const deliveryCommand = (name: string, description: string, isDefault = false) =>
    ledger
      .command(name, { isDefault })
      .description(description)
      .option('--json', 'print one JSON document on stdout; logs go to stderr');
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

/** Runs one command line. Answers the exit code: 0 success, 1 a failure, 2 wrong usage, 3 a hit. */
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
