import type { Step } from '../semantic/model.ts';
import { type Command, isStatic, type ShellWord } from '../shell.ts';
import type { Word } from '../syntax.ts';

/** Words that only a shell understands; as a program they do not exist. */
const builtins =
  /^([.:[]|\[\[|cd|source|export|set|eval|ulimit|umask|trap|read|wait|alias|unset|shift|local|exec|exit|return|type|hash|let)$/;

/** A shell form's words as an exec form, when the shell does nothing with them. */
export function execForm({ commands, script }: Step): string | undefined {
  const [command, ...others] = commands;
  if (!command || others.length > 0 || !isPlain(command) || script?.problems.length !== 0) return undefined;
  // `exec app` is what an exec form does anyway.
  const isExec = command.wrappers[0]?.name === 'exec';
  const programs = command.wrappers.slice(isExec ? 1 : 0).flatMap(({ words }) => words);
  const words = [...programs, ...command.words];
  // Whatever is not in the words (`&`, a comment) has a meaning to the shell.
  const written = [...(isExec ? ['exec'] : []), ...words.map(({ raw }) => raw)].join('');
  if (withoutBlanks(written) !== withoutBlanks(script.text?.text ?? '')) return undefined;
  return words.every(isKept) ? `[${words.map(({ text }) => JSON.stringify(text)).join(', ')}]` : undefined;
}

function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, '');
}

/** The strings of an exec form; undefined for a shell form and for instructions that execute nothing. */
export function execWords({ instruction }: Step): readonly Word[] | undefined {
  switch (instruction.keyword) {
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'HEALTHCHECK':
    case 'SHELL':
      return instruction.form === 'exec' ? instruction.words : undefined;
    default:
      return undefined;
  }
}

/** The ENTRYPOINT of this file that gets a CMD as its arguments; the base image may have one of its own. */
export function entrypointOf({ stage, instruction }: Step): Step | undefined {
  if (instruction.keyword !== 'CMD') return undefined;
  const entrypoint = stage.start.ENTRYPOINT;
  return entrypoint && execWords(entrypoint)?.length === 0 ? undefined : entrypoint;
}

/** Whether a name is a shell's own command, so that no program need bear it. */
export function isBuiltin(name: string): boolean {
  return builtins.test(name);
}

function isPlain({ wrappers, assignments, redirects, nesting, name }: Command): boolean {
  if (wrappers.some((each, i) => (each.name === 'exec' ? i > 0 || each.words.length > 1 : ofShell.test(each.name))))
    return false;
  return assignments.length + redirects.length + nesting.length === 0 && !isBuiltin(name);
}

/** Wrappers that are no programs. */
const ofShell = /^(command|builtin|time|coproc|!)$/;

/** Whether the shell hands a word on as it is. */
function isKept(word: ShellWord): boolean {
  return isStatic(word) && (word.raw !== word.text || !/[*?[{~]/.test(word.raw));
}
