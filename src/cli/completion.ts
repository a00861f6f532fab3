// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are variables of the shell
import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** A command as a shell sees it: the words that lead to it, and what may follow. */
interface Node {
  /** "watchlists add"; empty for the program itself. */
  path: string;
  commands: { name: string; description: string }[];
  options: { flags: string[]; description: string; takesValue: boolean; choices: readonly string[] }[];
}

function readTree(command: Command, path = ''): Node[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  return [
    {
      path,
      commands: commands.map((one) => ({ name: one.name(), description: one.description() })),
      options: help.visibleOptions(command).map((option) => ({
        flags: [option.short, option.long].filter((flag) => flag !== undefined && flag !== null),
        description: option.description,
        takesValue: option.required || option.optional,
        choices: option.argChoices ?? [],
      })),
    },
    // Of a command of commander's own, “help”, nothing follows.
    ...command.commands.flatMap((one) =>
      [one.name(), ...one.aliases()].flatMap((word) => readTree(one, `${path} ${word}`.trim())),
    ),
  ];
}

/** Text in single quotes, as every shell here reads it. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
/** The first words of a description: a list shows one line each. */
const short = (text: string) => text.replace(/\s+/gu, ' ').slice(0, 70);

/** A script that makes a shell complete the commands and options of a program. */
export function renderCompletion(program: Command, shell: Shell): string {
  const nodes = readTree(program);
  const name = program.name();
  const render = { bash: renderBash, zsh: renderZsh, fish: renderFish }[shell];
  return `${render(name, nodes).join('\n')}\n`;
}

/** Patterns of `case` for all paths but the first. */
const pathsOf = (nodes: readonly Node[]) =>
  nodes
    .filter(({ path }) => path !== '')
    .map(({ path }) => quoted(path))
    .join('|');

/** Options whose value is one of a few, as `case` arms: "path option". */
function choiceArms(nodes: readonly Node[], arm: (choices: readonly string[]) => string): string[] {
  return nodes.flatMap(({ path, options }) =>
    options
      .filter(({ choices }) => choices.length > 0)
      .map(
        ({ flags, choices }) =>
          `    ${flags.map((flag) => quoted(`${path} ${flag}`)).join('|')}) ${arm(choices)} ;;`,
      ),
  );
}

/** Options with a value that may be anything, as one `case` pattern. */
const valuePattern = (nodes: readonly Node[]) =>
  nodes
    .flatMap(({ path, options }) =>
      options
        .filter(({ takesValue, choices }) => takesValue && choices.length === 0)
        .flatMap(({ flags }) => flags.map((flag) => quoted(`${path} ${flag}`))),
    )
    .join('|');

function renderBash(name: string, nodes: readonly Node[]): string[] {
  return [
    `# ${name} completion bash > /etc/bash_completion.d/${name}`,
    `_${name}() {`,
    '  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" at="" word next offered=""',
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    '    next="${at:+$at }$word"',
    `    case "$next" in ${pathsOf(nodes)}) at="$next" ;; esac`,
    '  done',
    '  COMPREPLY=()',
    '  case "$at $previous" in',
    ...choiceArms(
      nodes,
      (choices) => `COMPREPLY=($(compgen -W ${quoted(choices.join(' '))} -- "$current")); return`,
    ),
    // No words: bash completes the name of a file.
    `    ${valuePattern(nodes)}) return ;;`,
    '  esac',
    '  case "$at" in',
    ...nodes.map(({ path, commands, options }) => {
      const flags = options.flatMap((option) => option.flags);
      return `    ${quoted(path)}) if [[ "$current" == -* ]]; then offered=${quoted(flags.join(' '))}; else offered=${quoted(commands.map((one) => one.name).join(' '))}; fi ;;`;
    }),
    '  esac',
    '  COMPREPLY=($(compgen -W "$offered" -- "$current"))',
    '}',
    `complete -o default -F _${name} ${name}`,
  ];
}

function renderZsh(name: string, nodes: readonly Node[]): string[] {
  const described = (word: string, description: string) =>
    quoted(`${word.replaceAll(':', '\\:')}:${short(description)}`);
  return [
    `#compdef ${name}`,
    `# ${name} completion zsh > ~/.zfunc/_${name}, a folder of fpath`,
    `_${name}() {`,
    // Not "path": zsh ties that to PATH.
    "  local at='' word next",
    '  local -a subcommands flags',
    '  for word in "${(@)words[2,CURRENT-1]}"; do',
    '    next="${at:+$at }$word"',
    `    case "$next" in ${pathsOf(nodes)}) at="$next" ;; esac`,
    '  done',
    '  case "$at ${words[CURRENT-1]}" in',
    ...choiceArms(nodes, (choices) => `compadd -- ${choices.map(quoted).join(' ')}; return`),
    `    ${valuePattern(nodes)}) _files; return ;;`,
    '  esac',
    '  case "$at" in',
    ...nodes.map(({ path, commands, options }) => {
      const flags = options.flatMap((option) =>
        option.flags.map((flag) => described(flag, option.description)),
      );
      const words = commands.map((one) => described(one.name, one.description));
      return `    ${quoted(path)}) subcommands=(${words.join(' ')}) flags=(${flags.join(' ')}) ;;`;
    }),
    '  esac',
    '  if [[ "${words[CURRENT]}" == -* ]]; then _describe -o option flags',
    '  elif (( ${#subcommands} )); then _describe command subcommands',
    '  else _files; fi',
    '}',
    // Loaded from fpath it is called; sourced it enters itself.
    `if [[ "\${funcstack[1]}" == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi`,
  ];
}

function renderFish(name: string, nodes: readonly Node[]): string[] {
  const known = nodes.filter(({ path }) => path !== '').map(({ path }) => fishQuoted(path));
  return [
    `# ${name} completion fish > ~/.config/fish/completions/${name}.fish`,
    `function __${name}_at`,
    '    set -l at',
    '    set -l words (commandline -opc)',
    '    for word in $words[2..]',
    '        set -l next (string join " " $at $word)',
    `        if contains -- "$next" ${known.join(' ')}`,
    '            set at "$next"',
    '        end',
    '    end',
    '    test "$at" = "$argv[1]"',
    'end',
    ...nodes.flatMap(({ path, commands, options }) => {
      const head = `complete -c ${name} -n ${fishQuoted(`__${name}_at ${fishQuoted(path)}`)}`;
      return [
        ...commands.map(
          (one) => `${head} -f -a ${fishQuoted(one.name)} -d ${fishQuoted(short(one.description))}`,
        ),
        ...options.map((option) =>
          [
            head,
            ...option.flags.map((flag) =>
              flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
            ),
            ...(option.choices.length > 0
              ? [`-x -a ${fishQuoted(option.choices.join(' '))}`]
              : option.takesValue
                ? ['-r']
                : []),
            `-d ${fishQuoted(short(option.description))}`,
          ].join(' '),
        ),
      ];
    }),
  ];
}

/** Within single quotes fish knows two escapes, of a quote and of a backslash. */
function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
