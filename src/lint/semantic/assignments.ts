import type { Span } from '../../report/finding.ts';
import type { Command } from '../shell.ts';
import type { Instruction, Word } from '../syntax.ts';
import type { SemanticModel } from './model.ts';

/** A place that gives a variable a value. */
export interface Assigned {
  readonly name: string;
  /** Absent in `ARG name`, `export name`. The span is that of the value, quotes included, where it stands alone. */
  readonly value?: Pick<Word, 'text' | 'span'>;
  /** Of name and value. */
  readonly span: Span;
}

/**
 * All variables that ENV, ARG, `NAME=value command`, `export NAME=value` and their likes in PowerShell and cmd set, in the
 * order of the file for each kind.
 */
export function assignedVariables({ preamble, steps }: SemanticModel): readonly Assigned[] {
  const instructions = [...preamble, ...steps.map(({ instruction }) => instruction)];
  return [
    ...instructions.flatMap(declared),
    ...steps.flatMap(({ commands, script }) => [...commands, ...(script?.windows ?? [])].flatMap(assignedBy)),
  ];
}

function declared(instruction: Instruction): readonly Assigned[] {
  if (instruction.keyword !== 'ENV' && instruction.keyword !== 'ARG') return [];
  return instruction.pairs.map(({ key, value, span }) => ({ name: key.text, span, ...(value ? { value } : {}) }));
}

/** What a command sets: `NAME=value command`, `export NAME=value`, `setx NAME value`. */
export function assignedBy({ name, words, assignments }: Command): readonly Assigned[] {
  if (name === 'setx') return setByWindows(words.filter(({ text }) => !text.startsWith('/')));
  if (name !== 'export' && assignments.length === 0) return [];
  const exported = name === 'export' ? words.slice(1).filter(({ text }) => !text.startsWith('-')) : [];
  return [
    ...assignments,
    ...exported.map(({ text, span }) => {
      const [key = '', value] = text.split(/=(.*)/s);
      return { name: key, span, ...(value === undefined ? {} : { value: { text: value, span } }) };
    }),
  ];
}

function setByWindows([program, key, value]: Command['words']): readonly Assigned[] {
  return program && key && value
    ? [{ name: key.text, value, span: { start: key.span.start, end: value.span.end } }]
    : [];
}
