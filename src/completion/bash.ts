import type { CompletedCommand, Completion } from './complete-from.ts';

/** For bash 3.2 and later. Where `COMPREPLY` stays empty, bash completes files (`-o default`). */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const values = commands.flatMap(({ name, flags }) =>
    flags.flatMap(({ name: flag, char, completion }) => {
      if (!completion) return [];
      const patterns = [`'${name} --${flag}'`, ...(char === undefined ? [] : [`'${name} -${char}'`])];
      return [`    ${patterns.join('|')}) ${reply(completion)} ;;`];
    }),
  );
  const flags = commands.map(({ name, flags: all }) => {
    const words = all.flatMap(({ name: flag, char }) => [`--${flag}`, ...(char === undefined ? [] : [`-${char}`])]);
    return `    ${name}) words='${words.join(' ')}' ;;`;
  });
  const args = commands
    .filter(({ argument }) => argument.kind === 'words')
    .map(({ name, argument }) => `    ${name}) ${reply(argument)} ;;`);
  return `# bash completion of dlint. Made by: dlint completion bash
_dlint() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" words i
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    _dlint_words '${commands.map(({ name }) => name).join(' ')} --help --version'
    return
  fi
  for ((i = 2; i < COMP_CWORD; i++)); do
    if [ "\${COMP_WORDS[i]}" = -- ]; then return; fi
  done
  # bash takes = for a word of its own: --flag = value.
  if [ "$cur" = = ]; then cur=''; else
    if [ "$prev" = = ]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  fi
  case "$command $prev" in
${values.join('\n')}
  esac
  case "$cur" in
    -*)
      case "$command" in
${flags.map((line) => `    ${line}`).join('\n')}
      esac
      _dlint_words "$words"
      return ;;
  esac
  case "$command" in
${args.join('\n')}
  esac
}
_dlint_words() {
  local IFS=$' \\t\\n'
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
}
_dlint_list() {
  local IFS=$' \\t\\n' before=''
  case "$cur" in *,*) before="\${cur%,*}," ;; esac
  COMPREPLY=($(compgen -P "$before" -W "$1" -- "\${cur##*,}"))
}
_dlint_folders() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -d -- "$cur"))
  compopt -o filenames 2>/dev/null
}
complete -o default -F _dlint dlint
`;
}

function reply(completion: Completion): string {
  switch (completion.kind) {
    case 'words':
      return `_dlint_words '${completion.words.join(' ')}'; return`;
    case 'list':
      return `_dlint_list '${completion.words.join(' ')}'; return`;
    case 'folders':
      return '_dlint_folders; return';
    default:
      return 'return';
  }
}
