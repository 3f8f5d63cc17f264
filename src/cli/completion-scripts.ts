/** What a shell can offer, told by the program itself. */
export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** What may stand behind it without an option. */
  readonly words: readonly string[];
}

interface CompletedOption {
  /** `--port`, `-p`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Words to choose from, or what kind of thing; undefined for an option without a value. */
  readonly value: readonly string[] | 'file' | 'folder' | 'port' | 'free' | undefined;
}

/** The command that runs where none is named. */
const DEFAULT = 'run';

const PORTS = ['/dev/serial/by-id/*', '/dev/ttyUSB*', '/dev/ttyACM*', '/dev/ttyAMA*', '/dev/cu.*'];

export const COMPLETION_SCRIPTS: Readonly<
  Record<'bash' | 'zsh' | 'fish', (commands: readonly CompletedCommand[]) => string>
> = { bash, zsh, fish };

function bash(commands: readonly CompletedCommand[]): string {
  const offer = (words: string): string => `COMPREPLY=($(compgen ${words} -- "$cur"))`;
  const ports = PORTS.map((pattern) => `compgen -G '${pattern}'`).join('; ');
  const how = {
    file: `${offer('-f')}; compopt -o filenames 2> /dev/null`,
    folder: `${offer('-d')}; compopt -o filenames 2> /dev/null`,
    port: offer(`-W "$(${ports})"`),
    free: ':',
  };
  return `# For ~/.bashrc: source <(multical2mqtt completion bash)
_multical2mqtt() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${namesOf(commands).join('|')}) command=$word; break ;; esac
  done
  COMPREPLY=()
${choices(commands, how, (words) => offer(`-W '${words.join(' ')}'`))}
}
complete -F _multical2mqtt multical2mqtt
`;
}

function zsh(commands: readonly CompletedCommand[]): string {
  const how = {
    file: '_files',
    folder: '_files -/',
    port: `compadd -- ${PORTS.map((pattern) => `${pattern}(N)`).join(' ')}`,
    free: ':',
  };
  return `#compdef multical2mqtt
# For ~/.zshrc, after compinit: source <(multical2mqtt completion zsh)
_multical2mqtt() {
  local cur=\${words[CURRENT]} prev=\${words[CURRENT-1]} command= word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case $word in (${namesOf(commands).join('|')}) command=$word; break ;; esac
  done
${choices(commands, how, (words) => `compadd -- ${words.map(quoted).join(' ')}`)}
}
if [ "$funcstack[1]" = _multical2mqtt ]; then _multical2mqtt "$@"; else compdef _multical2mqtt multical2mqtt; fi
`;
}

/** What bash and zsh write alike: which words to offer for the command and what stands before the cursor. */
function choices(
  commands: readonly CompletedCommand[],
  how: Readonly<Record<'file' | 'folder' | 'port' | 'free', string>>,
  offer: (words: readonly string[]) => string,
): string {
  const values = commands.flatMap(({ name, options }) =>
    options.flatMap(({ flags, value }) => {
      if (value === undefined) return [];
      const places = flags.map((flag) => `'${name} ${flag}'`).join('|');
      return [`    ${places}) ${typeof value === 'string' ? how[value] : offer(value)}; return ;;`];
    }),
  );
  const flags = commands.map(
    ({ name, options }) => `      ${name}) ${offer(options.flatMap((option) => option.flags))} ;;`,
  );
  const words = commands
    .filter((command) => command.words.length > 0)
    .map((command) => `      ${command.name}) ${offer(command.words)} ;;`);
  return `  case "\${command:-${DEFAULT}} $prev" in
${values.join('\n')}
  esac
  case $cur in
    -*) case \${command:-${DEFAULT}} in
${flags.join('\n')}
    esac ;;
    *) case $command in
      '') ${offer(namesOf(commands))} ;;
${words.join('\n')}
    esac ;;
  esac`;
}

function fish(commands: readonly CompletedCommand[]): string {
  const complete = 'complete -c multical2mqtt';
  const ports = `set -l ports ${PORTS.join(' ')}; string join \\n $ports`;
  const how = {
    file: '-r -F',
    folder: `-x -a '(__fish_complete_directories)'`,
    port: `-x -a '(${ports})'`,
    free: '-x',
  };
  const lines = commands.flatMap(({ name, description, options, words }) => {
    const seen = `__fish_seen_subcommand_from ${name}`;
    const when = name === DEFAULT ? `__fish_use_subcommand; or ${seen}` : seen;
    return [
      `${complete} -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
      ...(words.length > 0 ? [`${complete} -n '${seen}' -a '${words.join(' ')}'`] : []),
      ...options.map((option) => {
        const { value } = option;
        const flags = option.flags.map((flag) =>
          flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
        );
        const taken =
          value === undefined ? '' : typeof value === 'string' ? how[value] : `-x -a '${value.join(' ')}'`;
        const text = `-d ${quoted(option.description)}`;
        return [complete, `-n '${when}'`, ...flags, taken, text].filter(Boolean).join(' ');
      }),
    ];
  });
  const head = '# For ~/.config/fish/completions/multical2mqtt.fish: multical2mqtt completion fish';
  return `${[head, `${complete} -f`, ...lines].join('\n')}\n`;
}

function namesOf(commands: readonly CompletedCommand[]): readonly string[] {
  return commands.map(({ name }) => name);
}

/** For zsh and fish alike. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", '’')}'`;
}
