import { type Command, InvalidArgumentError } from 'commander';
import { day, json, said, type WithApp } from './arguments.ts';

const screen = () => import('./screen.ts');
const watchlistCommands = () => import('./watchlists.ts');

/** Exit code where something was hit: a script must not take it for "nothing found". */
const HIT = 3;

function threshold(text: string): number {
  const value = Number(text);
  if (!/^[01](?:\.\d{1,4})?$/u.test(text) || value < 0.5 || value > 1)
    throw new InvalidArgumentError('It must be a number from 0.5 to 1.');
  return value;
}

function number(text: string): number {
  if (!/^\d{1,15}$/u.test(text)) throw new InvalidArgumentError('It must be the number of a hit.');
  return Number(text);
}

const FILES =
  'CSV, XLSX or JSON; a column “name”, and id, alias, address, country and note where you have them.';

/** Adds `screen` and `watchlists`. `exit` receives the exit code of a comparison that hits something. */
export function addScreenCommands(program: Command, withApp: WithApp, exit: (code: number) => void): void {
  json(program.command('screen <file>'))
    .description('compare a file of counterparties with the lists as they are now; nothing is stored')
    .option('--threshold <score>', 'leave out hits below, 0.5 to 1', threshold)
    .option('--skip-faulty', 'go on without rows that have a fault')
    .addHelpText(
      'after',
      `\nThe file: ${FILES}\nExit code ${HIT} where something is hit, 0 where nothing is.\n\nExamples:\n  elwatch screen customers.csv\n  elwatch screen suppliers.xlsx --threshold 0.85 --json`,
    )
    .action((file, options) =>
      withApp(options, async (app, out) => {
        if (await (await screen()).runScreen(app, file, options, out)) exit(HIT);
      }),
    );

  const watchlists = program
    .command('watchlists')
    .description('counterparties that every rule is compared with the moment it is applied')
    .addHelpText(
      'after',
      '\nExamples:\n  elwatch watchlists add customers customers.csv\n  elwatch watchlists hits customers',
    );
  const command = (name: string, description: string, example: string) =>
    json(watchlists.command(name))
      .description(description)
      .option('--organisation <id>', 'whose they are, as “organisations list” shows it', 'operator')
      .addHelpText('after', `\nExample:\n  elwatch watchlists ${example}`);
  command(
    'add',
    'load a file into a new watchlist, or in the place of its rows, and compare it',
    'add customers customers.csv --threshold 0.8',
  )
    .argument('<name>', 'of the watchlist', said(100))
    .argument('<file>', 'of counterparties')
    .option('--threshold <score>', 'of this watchlist, 0.5 to 1', threshold)
    .option('--skip-faulty', 'take the file without rows that have a fault')
    .option('--who <name>', 'who uploads; the name of the system user unless told', said(100))
    .addHelpText('after', `\nThe file: ${FILES}\nA row with a fault leaves everything as it was.`)
    .action((name, file, options) =>
      withApp(options, async (app, out) =>
        (await watchlistCommands()).runAddWatchlist(app, name, file, options, out),
      ),
    );
  const ofOne = (name: string, description: string, example: string) =>
    command(name, description, example).argument('<name>', 'or its id, as “watchlists list” shows both');
  command('list', 'show all', 'list').action((options) =>
    withApp(options, async (app, out) => (await watchlistCommands()).runListWatchlists(app, options, out)),
  );
  ofOne('show', 'one, its last comparison, and what was decided', 'show customers').action((name, options) =>
    withApp(options, async (app, out) =>
      (await watchlistCommands()).runShowWatchlist(app, name, options, out),
    ),
  );
  ofOne('remove', 'delete one with all that was kept about it', 'remove customers').action((name, options) =>
    withApp(options, async (app, out) =>
      (await watchlistCommands()).runRemoveWatchlist(app, name, options, out),
    ),
  );
  ofOne('screen', 'compare one with the lists as they are now', 'screen customers')
    .addHelpText('after', `\nExit code ${HIT} where a hit is to be looked at, 0 where none is.`)
    .action((name, options) =>
      withApp(options, async (app, out) => {
        if (await (await watchlistCommands()).runScreenWatchlist(app, name, options, out)) exit(HIT);
      }),
    );
  ofOne('runs', 'every comparison, those without a hit too', 'runs customers').action((name, options) =>
    withApp(options, async (app, out) => (await watchlistCommands()).runListRuns(app, name, options, out)),
  );
  ofOne('hits', 'what is hit now: both names, score and why', 'hits customers')
    .option('--run <id>', 'of one comparison, as “watchlists runs” shows it')
    .option('--hidden', 'also those that were decided to be no match')
    .action((name, options) =>
      withApp(options, async (app, out) => (await watchlistCommands()).runListHits(app, name, options, out)),
    );
  ofOne(
    'decide',
    'say that a hit is not a match',
    'decide customers 17 --reason "another firm: incorporated in 1962" --expires 2027-12-31',
  )
    .argument('<hit>', 'its number, as “watchlists hits” shows it', number)
    .requiredOption('--reason <text>', 'why, for the record', said(1_000))
    .option('--expires <day>', 'last day on which it holds; without an end unless told', day)
    .option('--who <name>', 'who decides; the name of the system user unless told', said(100))
    .action((name, hit, options) =>
      withApp(options, async (app, out) =>
        (await watchlistCommands()).runDecide(app, name, hit, options, out),
      ),
    );
  ofOne('undo', 'take a decision back; its record stays', 'undo customers sd_Xo2cT8sYp0aQ')
    .argument('<decision>', 'as “watchlists show” shows it')
    .action((name, decision, options) =>
      withApp(options, async (app, out) =>
        (await watchlistCommands()).runUndoDecision(app, name, decision, options, out),
      ),
    );
}
