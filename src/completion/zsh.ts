import type { CompletedCommand, CompletedFlag, Completion } from './complete-from.ts';

/** For zsh's compsys (zshcompsys(1), `_arguments`), as a file of `$fpath` or sourced. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const described = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  const cases = commands.map(({ name, flags, argument }) => {
    const specs = [...flags.flatMap(flagSpecs), quoted(`*:argument:${action(argument)}`)];
    return `      (${name})\n        _arguments -s -S ${specs.join(' \\\n          ')} ;;`;
  });
  return `#compdef dlint
# zsh completion of dlint. Made by: dlint completion zsh
_dlint_list() {
  _sequence compadd - "$@"
}
_dlint() {
  local curcontext="$curcontext" state line
  local -a commands=(
${described.join('\n')}
  )
  _arguments -C '(- *)'{-h,--help}'[Show help]' '(- *)'{-V,--version}'[Show the version]' '1:command:->command' '*::argument:->rest'
  case $state in
    (command) _describe -t commands 'dlint command' commands ;;
    (rest)
      case $line[1] in
${cases.join('\n')}
      esac ;;
  esac
}
if [ "$funcstack[1]" = _dlint ]; then _dlint "$@"; else compdef _dlint dlint; fi
`;
}

function flagSpecs({ name, char, summary, value = 'value', completion, isRepeatable }: CompletedFlag): string[] {
  const message = completion ? `:${escaped(value)}:${action(completion)}` : '';
  const names = [...(char === undefined ? [] : [`-${char}`]), `--${name}`];
  const others = isRepeatable ? '*' : names.length > 1 ? `(${names.join(' ')})` : '';
  return names.map((each) => {
    const glue = !completion ? '' : each.startsWith('--') ? '=' : '+';
    return quoted(`${others}${each}${glue}[${escaped(summary)}]${message}`);
  });
}

function action(completion: Completion): string {
  switch (completion.kind) {
    case 'words':
      return `(${completion.words.join(' ')})`;
    case 'list':
      return `_dlint_list ${completion.words.join(' ')}`;
    case 'files':
      return '_files';
    case 'folders':
      return '_files -/';
    default:
      return ' ';
  }
}

/** What separates in a spec of `_arguments`. */
function escaped(text: string): string {
  return text.replace(/[\\:[\]]/g, '\\$&');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
