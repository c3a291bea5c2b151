import { type CommandSpec, commandSpecs, type FlagSpec } from '../flags.ts';

/** What may stand behind a flag or as an argument. `list`: several of the words, comma separated. */
export type Completion =
  | { readonly kind: 'words' | 'list'; readonly words: readonly string[] }
  | { readonly kind: 'files' | 'folders' | 'nothing' };

export interface CompletedFlag {
  readonly name: string;
  readonly char?: string;
  readonly summary: string;
  readonly value?: string;
  /** Absent: the flag takes no value. */
  readonly completion?: Completion;
  readonly isRepeatable: boolean;
}

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly CompletedFlag[];
  readonly argument: Completion;
}

/** The table of flags as a shell's completion needs it. `ruleNames` are ids and aliases. */
export function completedCommands(ruleNames: readonly string[]): readonly CompletedCommand[] {
  const specs: [string, CommandSpec][] = Object.entries(commandSpecs);
  return specs.map(([name, spec]) => ({
    name,
    summary: spec.summary,
    flags: [...Object.entries(spec.flags).map(([flag, each]) => completedFlag(flag, each, spec, ruleNames)), help],
    argument: argumentOf(spec, ruleNames),
  }));
}

const help: CompletedFlag = { name: 'help', char: 'h', summary: 'Show help.', isRepeatable: false };

function completedFlag(
  name: string,
  { kind, char, summary, value, options }: FlagSpec,
  { formats }: CommandSpec,
  ruleNames: readonly string[],
): CompletedFlag {
  const words = options ?? (name === 'format' ? formats : undefined);
  return {
    name,
    // The first sentence, on one line.
    summary: summary
      .replace(/\s+/g, ' ')
      .replace(/(?<=[^.]{3}[.:;])\s.*$/, '')
      .replace(/[.:;]$/, ''),
    isRepeatable: kind === 'list',
    ...(char !== undefined && { char }),
    ...(value !== undefined && { value }),
    ...(kind !== 'boolean' && { completion: words ? { kind: 'words', words } : byValue(value, ruleNames) }),
  };
}

/** By what the help has for the value. */
function byValue(value: string | undefined, ruleNames: readonly string[]): Completion {
  if (value === 'IDS') return { kind: 'list', words: ruleNames };
  if (value === 'DIR') return { kind: 'folders' };
  return { kind: /^(?:FILE|PATH|IMAGE)/.test(value ?? '') ? 'files' : 'nothing' };
}

function argumentOf({ args }: CommandSpec, ruleNames: readonly string[]): Completion {
  const [first] = args;
  if (!first) return { kind: 'nothing' };
  if (first.name === 'rule') return { kind: 'words', words: ruleNames };
  return first.options ? { kind: 'words', words: first.options } : { kind: 'files' };
}
