import type { CompletedCommand, CompletedFlag, Completion } from './complete-from.ts';

/** For fish 3.1 and later. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const first = commands.map(
    ({ name, summary }) => `complete -c dlint -n __dlint_begins -a ${name} -d ${quoted(summary)}`,
  );
  const rest = commands.flatMap(({ name, flags, argument }) => {
    const when = `complete -c dlint -n '__dlint_is ${name}'`;
    const files = argument.kind === 'files' ? [`${when} -F`] : [];
    const words = argument.kind === 'words' ? [`${when} -a ${quoted(argument.words.join(' '))}`] : [];
    return [...files, ...words, ...flags.map((flag) => `${when} ${flagWords(flag)}`)];
  });
  return `# fish completion of dlint. Made by: dlint completion fish
function __dlint_begins
    test (count (commandline -opc)) -eq 1
end
function __dlint_is
    set -l words (commandline -opc)
    test (count $words) -gt 1; and test $words[2] = $argv[1]
end
function __dlint_list
    set -l before (commandline -ct | string replace -r '^--?[a-z-]*=' '' | string match -r '.*,')
    for word in $argv
        echo $before$word
    end
end
complete -c dlint -e
complete -c dlint -f
complete -c dlint -n __dlint_begins -l help -s h -d 'Show help'
complete -c dlint -n __dlint_begins -l version -s V -d 'Show the version'
${[...first, ...rest].join('\n')}
`;
}

function flagWords({ name, char, summary, completion }: CompletedFlag): string {
  const names = `${char === undefined ? '' : `-s ${char} `}-l ${name}`;
  return `${names}${completion ? ` ${valueWords(completion)}` : ''} -d ${quoted(summary)}`;
}

function valueWords(completion: Completion): string {
  switch (completion.kind) {
    case 'words':
      return `-x -a ${quoted(completion.words.join(' '))}`;
    case 'list':
      return `-x -a '(__dlint_list ${completion.words.join(' ')})'`;
    case 'files':
      return '-r -F';
    case 'folders':
      return "-x -a '(__fish_complete_directories)'";
    default:
      return '-x';
  }
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
