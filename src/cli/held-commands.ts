import type { Command } from 'commander';
import { day, json, said, source, type WithApp } from './arguments.ts';

const held = () => import('./held.ts');
const decisions = () => import('./held-decide.ts');

/** Adds `held`: the queue of documents that wait for a person, and what can be decided about one. */
export function addHeldCommands(program: Command, withApp: WithApp): void {
  const queue = program
    .command('held')
    .description('documents that wait for a person, and what to do')
    .addHelpText('after', '\nExample:\n  elwatch held');
  const heldCommand = (name: string, description: string, isDefault = false) =>
    json(queue.command(name, { isDefault })).description(description);
  const ofOne = (name: string, description: string) =>
    heldCommand(name, description)
      .argument('<number>', 'of the document, as “held list” or “documents” shows it')
      .option('--published-on <day>', 'its day of publication, where a number was used twice', day);
  const decision = (name: string, description: string) =>
    ofOne(name, description)
      .requiredOption('--reason <text>', 'why, for the record', said(1_000))
      .option('--who <name>', 'who decides; the name of the system user unless told', said(100));
  heldCommand('list', 'the queue, with reason, excerpt and the next command', true)
    .addHelpText('after', '\nExample:\n  elwatch held list')
    .action((options) => withApp(options, async (app, out) => (await held()).runHeldQueue(app, out)));
  ofOne('show', 'why one is held, with the markup that was not understood')
    .addHelpText('after', '\nExample:\n  elwatch held show 2025-05426')
    .action((number, options) =>
      withApp(options, async (app, out) => (await held()).runHeldShow(app, number, options, out)),
    );
  decision('accept', 'apply it although a check fails')
    .addHelpText(
      'after',
      '\nExample:\n  elwatch held accept 2025-05426 --reason "the abstract counts two aliases as entities"',
    )
    .action((number, options) =>
      withApp(options, async (app, out) => (await decisions()).runHeldAccept(app, number, options, out)),
    );
  decision('replace', 'read other words in place of some of its source')
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
  decision('ignore', 'leave it out for good')
    .addHelpText(
      'after',
      '\nExample:\n  elwatch held ignore 2025-05426 --reason "it repeats a rule that was applied"',
    )
    .action((number, options) =>
      withApp(options, async (app, out) => (await decisions()).runHeldIgnore(app, number, options, out)),
    );
  ofOne('undo', 'end what was decided about it; the record of it stays')
    .addHelpText('after', '\nExample:\n  elwatch held undo 2025-05426')
    .action((number, options) =>
      withApp(options, async (app, out) => (await decisions()).runHeldUndo(app, number, options, out)),
    );
}
