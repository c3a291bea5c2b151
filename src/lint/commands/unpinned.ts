import type { Span } from '../../report/finding.ts';
import { expandWord } from '../expand.ts';
import type { Step } from '../semantic/model.ts';
import type { Command, ShellWord } from '../shell.ts';
import type { Invocation } from './arguments.ts';
import type { PackageWord } from './packages.ts';

/** The packages of an install that may be another version tomorrow. */
export interface Unpinned {
  /** Where the first of them stands. */
  readonly at: Span;
  /** For a message: `curl, git and 3 more`. */
  readonly names: string;
  readonly packages: readonly PackageWord[];
}

/** A variable's value is followed through this many others, and never further than so many UTF-16 units. */
const maxDepth = 5;
const maxLength = 10_000;
/** Assignments further back than so many commands are not seen. */
const maxLookback = 500;

/**
 * What an install leaves open. Words that only the build can tell are passed over: nobody knows whether there is a
 * version in `$PACKAGES`. `isOpen` judges packages; by default those of the registry that have no operator.
 */
export function unpinned(
  install: Invocation,
  step: Step,
  read: (install: Invocation) => readonly PackageWord[],
  isOpen: (each: PackageWord) => boolean = hasNoVersion,
): Unpinned | undefined {
  const packages = read(fillIn(install, step)).filter((each) => isOpen(each) && !isUnknown(each));
  const [first] = packages;
  return first && { at: first.word.span, names: list(packages), packages };
}

export function hasNoVersion({ kind, operator }: PackageWord): boolean {
  return kind === 'registry' && operator === undefined;
}

/** At least what is at the end has to be known: `python$V-dev` has no version, `nginx$V` may have. */
function isUnknown({ word, operator, version }: PackageWord): boolean {
  if (word.expansions.length === 0) return false;
  if (operator !== undefined && version !== undefined) return false;
  return word.expansions.some(({ kind }) => kind !== 'variable') || /\$\w+$|\}$/.test(word.text);
}

function list(packages: readonly PackageWord[]): string {
  const names = [...new Set(packages.map(({ name }) => (name.length > 60 ? `${name.slice(0, 60)}…` : name)))];
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** The invocation with the variables filled in that are known; a value of several words gives several operands, its options are dropped. */
export function fillIn(install: Invocation, step: Step): Invocation {
  if (install.operands.every(({ expansions }) => expansions.length === 0)) return install;
  return { ...install, operands: install.operands.flatMap((word) => filledWords(word, install.command, step)) };
}

/** The command with the variables filled in that are known, options included: what `apt-get $FLAGS install` runs. */
export function fillInAll(command: Command, step: Step): Command {
  if (command.words.every(({ expansions }) => expansions.length === 0)) return command;
  const words = command.words.flatMap((word) => {
    const text = word.expansions.length === 0 ? undefined : shellValue(word, command, step, 0);
    if (text === undefined) return [word];
    const parts = text.split(/\s+/).filter((part) => part !== '');
    return parts.map((part) => ({ span: word.span, raw: word.raw, text: part, expansions: [] }));
  });
  return { ...command, words };
}

function filledWords(word: ShellWord, command: Command, step: Step): readonly ShellWord[] {
  if (word.expansions.length === 0) return [word];
  const text = shellValue(word, command, step, 0);
  if (text === undefined) return [word];
  const parts = text.split(/\s+/).filter((part) => part !== '' && !part.startsWith('-'));
  return parts.map((part) => ({ span: word.span, raw: word.raw, text: part, expansions: [] }));
}

/** What the shell makes of a word; undefined when it cannot be known. */
function shellValue(word: ShellWord, command: Command, step: Step, depth: number): string | undefined {
  if (word.expansions.length === 0) return word.text;
  if (depth > maxDepth || word.expansions.some(({ kind }) => kind !== 'variable')) return undefined;
  const get = (name: string): string | undefined => {
    const assigned = assignedWord(name, command, step);
    if (assigned === null) return undefined;
    return assigned ? shellValue(assigned, command, step, depth + 1) : step.env.get(name)?.value;
  };
  const { text, unmatched, error } = expandWord(word.text, { get });
  return error || unmatched.length > 0 || text.length > maxLength ? undefined : text;
}

/** The value that an earlier command of the same script gives a variable; null when that may be one or another. */
function assignedWord(name: string, command: Command, step: Step): ShellWord | null | undefined {
  const end = step.commands.indexOf(command);
  const before = step.commands.slice(Math.max(0, end - maxLookback), Math.max(0, end));
  for (const { assignments, words, nesting, name: program } of before.reverse()) {
    const exported = program === 'export' ? words.find(({ text }) => text.startsWith(`${name}=`)) : undefined;
    const assigned = program === '' ? assignments.findLast((each) => each.name === name) : undefined;
    const value = exported ? { ...exported, text: exported.text.slice(name.length + 1) } : assigned?.value;
    if (!exported && !assigned) continue;
    const isCertain = !nesting.some((kind) => kind === 'branch' || kind === 'loop' || kind === 'function');
    return isCertain && value ? value : null;
  }
  return undefined;
}
