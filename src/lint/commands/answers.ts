import type { Step } from '../semantic/model.ts';
import type { Command } from '../shell.ts';

/** Whether something answers a command's questions: `yes | apt-get install`, `echo y | …`, `<<< y`. */
export function isAnswered(command: Command, step: Step): boolean {
  if (command.redirects.some(({ operator, fd = 0 }) => operator.startsWith('<') && fd === 0)) return true;
  const { id, position } = command.pipeline;
  if (position === 0 || command.wrappers.some(({ name }) => name === 'xargs')) return false;
  const before = step.commands.find(({ pipeline }) => pipeline.id === id && pipeline.position === position - 1);
  return before !== undefined && /^(yes|echo|printf)$/.test(before.name);
}

/** Names of variables that hold options, by one of their parts: TARGETARCH is none. */
const ofOptions = /(^|_)[a-z]*(opts?|options?|flags?|args?)(_|$)|quiet|yes/i;

/** Whether a variable that only the build knows may hold options, by its name: `$APT_OPTIONS`, `${quiet}`. */
export function mayHoldOptions({ words }: Command): boolean {
  return words.some(({ expansions }) => {
    return expansions.some(({ kind, name = '' }) => kind === 'variable' && ofOptions.test(name));
  });
}
