import type { Step } from '../semantic/model.ts';
import { type Command, isStatic } from '../shell.ts';
import { cover } from '../spans.ts';
import type { Word } from '../syntax.ts';

/** Words that only a shell understands; as a program they do not exist. */
const builtins =
  /^([.:[]|\[\[|cd|source|export|set|eval|ulimit|umask|trap|read|wait|alias|unset|shift|local|exec|exit|return|type|hash|let)$/;

/** A shell form's words as an exec form, when the shell does nothing with them. */
export function execForm({ commands, script }: Step): string | undefined {
  const [command, ...others] = commands;
  if (!command || others.length > 0 || !isPlain(command) || script?.problems.length !== 0) return undefined;
  const covered = cover(command, ...command.words);
  const text = script.text?.text.trim() ?? '';
  // Whatever is not in the words (`&`, a comment) has a meaning to the shell.
  if (text.length !== covered.end - covered.start) return undefined;
  return `[${command.words.map((word) => JSON.stringify(word.text)).join(', ')}]`;
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

function isPlain(command: Command): boolean {
  const { words, wrappers, assignments, redirects, nesting, name } = command;
  // `exec app` is what an exec form does anyway.
  if (!wrappers.every((each) => each.name === 'exec' && each.words.length === 1)) return false;
  if (assignments.length + redirects.length + nesting.length > 0 || isBuiltin(name)) return false;
  return words.every((word) => isStatic(word) && (word.raw !== word.text || !/[*?[{~]/.test(word.raw)));
}
