import { rules } from '../../rules/index.ts';
import { bashCompletion } from '../completion/bash.ts';
import { completedCommands } from '../completion/complete-from.ts';
import { fishCompletion } from '../completion/fish.ts';
import { powershellCompletion } from '../completion/powershell.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { DlintError } from '../errors.ts';
import { commandSpecs, type InvocationOf } from '../flags.ts';
import { didYouMean } from '../suggest.ts';
import type { Terminal } from '../terminal.ts';

const shells: Readonly<Record<string, typeof bashCompletion>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
  powershell: powershellCompletion,
};

/** Prints what a shell completes command lines of dlint with. */
export function completion({ args }: InvocationOf<'completion'>, terminal: Terminal): 0 {
  const shell = args[0] as string;
  const write = Object.hasOwn(shells, shell) ? shells[shell] : undefined;
  if (!write) {
    const names = commandSpecs.completion.args[0].options;
    throw new DlintError('E_USAGE', `there is no completion for ${shell}`, {
      where: `dlint completion ${shell}`,
      hint: didYouMean(shell, names) ?? `one of ${names.join(', ')}`,
    });
  }
  const ruleNames = rules.flatMap(({ id, aliases = [] }) => [id, ...aliases]).sort();
  terminal.print([write(completedCommands([...new Set(ruleNames)]))]);
  return 0;
}
