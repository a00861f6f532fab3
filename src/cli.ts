import { Argument, Command, CommanderError, Option } from 'commander';
import { addApiCommands } from './cli/api-commands.ts';
import { day, instant, json, type WithApp } from './cli/arguments.ts';
import { renderCompletion, SHELLS } from './cli/completion.ts';
import { EXIT_CODES, exitCodeOf } from './cli/exit-codes.ts';
import { addHeldCommands } from './cli/held-commands.ts';
import { createOutput, type Output, reportFailure } from './cli/output.ts';
import { addScreenCommands } from './cli/screen-commands.ts';
import { addSubscriptionCommands } from './cli/subscription-commands.ts';
import { type Config, readConfig } from './config.ts';
import { AUDIT_SOURCES, LIST_NAMES } from './model.ts';
import { ROLES } from './roles.ts';
import { readVersion } from './version.ts';

const listOption = () => new Option('--list <list>', 'which list').choices(LIST_NAMES).default('entity-list');

// Each command loads what it needs when it runs: `parse` waits for no database and `--help` for nothing.
const audits = () => import('./cli/audit.ts');
const backfill = () => import('./cli/backfill.ts');
const doctor = () => import('./cli/doctor.ts');
const history = () => import('./cli/history.ts');
const lists = () => import('./cli/lists.ts');
const parse = () => import('./cli/parse.ts');
const record = () => import('./cli/record.ts');
const start = () => import('./cli/start.ts');
const transfer = () => import('./cli/transfer.ts');
const work = () => import('./cli/work.ts');
const demo = () => import('./demo/demo.ts');

/** The command tree, also for whoever wants to know it. `exit` receives the exit code of a command that has something to say by it. */
export function buildProgram(exit: (code: number) => void): Command {
  const program = new Command('elwatch')
    .description('Watches the Federal Register for rules that change the US export-control lists.')
    .version(readVersion())
    .showHelpAfterError('(see --help)')
    .addHelpText(
      'after',
      `\nExamples:\n  elwatch demo\n  elwatch subscriptions add you@example.org\n  elwatch list --as-of 2025-03-28\n  elwatch why "Inspur"\n\nConfiguration is by environment variables; .env.example lists them.\nExit codes:\n${EXIT_CODES.map(([code, means]) => `  ${code}  ${means}`).join('\n')}\nAn unofficial source, and no legal advice.`,
    );

  /** A command that takes --json; its output is handed over with the arguments. */
  const command = (name: string, description: string) => json(program.command(name)).description(description);
  const output = (options: { json?: boolean }): Output => createOutput(options.json === true);
  const withApp: WithApp = async (options, run) => {
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
  command('ingest', 'one document, by its number')
    .argument('<number>', 'as federalregister.gov shows it, such as 2025-05426')
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
    .option('--document <number>', 'only by this document, as “documents” shows it')
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
    .option('--document <number>', 'only this document, as “documents” shows it')
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
    .option('--document <number>', 'only this rule, as “documents” shows it')
    .addHelpText('after', '\nExample:\n  elwatch ledger --document 2025-05426')
    .action((options) => withApp(options, async (app, out) => (await audits()).runLedger(app, options, out)));

  addHeldCommands(program, withApp);
  addSubscriptionCommands(program, withApp, exit);
  addScreenCommands(program, withApp, exit);
  addApiCommands(program, withApp, process.env.ELWATCH_TOKEN ?? null);
  command('export <file>', 'the whole store in one file, to move it or to keep it')
    .addHelpText(
      'after',
      '\nExample, from the embedded store to PostgreSQL, with the service stopped:\n  elwatch export store.ndjson.gz\n  DATABASE_URL=postgres://elwatch@localhost/elwatch elwatch import store.ndjson.gz',
    )
    .action(async (file, options) =>
      (await transfer()).runExport(quiet(readConfig(process.env)), file, output(options)),
    );
  command('import <file>', 'an export into an empty store of the same version: all of it, or nothing')
    .addHelpText(
      'after',
      '\nExit code 5 where the file was cut or changed.\n\nExample:\n  DATABASE_URL=postgres://elwatch@localhost/elwatch elwatch import store.ndjson.gz',
    )
    .action(async (file, options) =>
      (await transfer()).runImport(quiet(readConfig(process.env)), file, output(options)),
    );
  command('doctor', 'check configuration, store, queue, mail and upstream, each in one line')
    .addHelpText('after', '\nExample:\n  elwatch doctor')
    .action(async (options) =>
      exit((await (await doctor()).runDoctor(quiet(readConfig(process.env)), output(options))) ? 0 : 1),
    );
  program
    .command('completion')
    .description('a script that makes a shell complete commands and options')
    .addArgument(new Argument('<shell>', 'which').choices(SHELLS))
    .addHelpText(
      'after',
      '\nExamples:\n  elwatch completion bash > /etc/bash_completion.d/elwatch\n  elwatch completion zsh > ~/.zfunc/_elwatch\n  elwatch completion fish > ~/.config/fish/completions/elwatch.fish',
    )
    .action((shell) => {
      process.stdout.write(renderCompletion(program, shell));
    });
  return program;
}

/** A command's own log would bury its result; problems still show. */
function quiet(config: Config): Config {
  return { ...config, logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel };
}

/** Runs one command line. Answers the exit code, of `EXIT_CODES`. */
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
    return exitCodeOf(error);
  }
}
