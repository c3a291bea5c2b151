import type { Step } from '../semantic/model.ts';
import type { Command } from '../shell.ts';
import type { Dockerfile } from '../syntax.ts';

/** Only so much of a RUN is looked at, on both sides of a command, in UTF-16 units. */
const maxLayout = 20_000;

/**
 * What to write between a command and one that is put behind it, so that it stands as the others of the RUN do: on a
 * line of its own that begins with `&&`, or behind a line that ends so. Undefined where commands share lines.
 */
export function jointBehind({ instruction }: Step, command: Command, dockerfile: Dockerfile): string | undefined {
  const { text } = dockerfile.source;
  const { start, end } = instruction.span;
  if (instruction.keyword !== 'RUN' || instruction.heredocs.length > 0) return undefined;
  const behind = text.slice(command.span.end, Math.min(end, command.span.end + maxLayout));
  const lines = [text.slice(Math.max(start, command.span.end - maxLayout), command.span.end), behind]
    .join('')
    .split('\n');
  const follows = lineEnd.exec(behind)?.[1];
  if (lines.length < 2 || follows === undefined) return undefined;
  const style = follows === '' ? styleOf(lines) : follows === ';' ? ';' : 'trailing';
  if (style === 'leading') return ` ${dockerfile.escape}\n${indentOf(lines.find(isLead) ?? lines[1] ?? '')}&& `;
  const line = text.lastIndexOf('\n', command.span.start) + 1;
  const indent = indentOf(line > start ? text.slice(line, command.span.start) : (lines[1] ?? ''));
  return `${style === ';' && command.errexit ? ';' : ' &&'} ${dockerfile.escape}\n${indent}`;
}

/** The rest of a command's line when nothing but an operator and a continuation stands there. */
const lineEnd = /^[ \t]*(&&|;|)[ \t]*(?:[\\`][ \t]*\r?(?:\n|$)|\r?$)/;

/** Where the operators stand: a RUN without any gets them at the beginning of lines. */
function styleOf(lines: readonly string[]): 'leading' | 'trailing' | ';' {
  if (lines.some(isLead)) return 'leading';
  if (lines.some((line) => /&&[ \t]*[\\`][ \t]*\r?$/.test(line))) return 'trailing';
  return lines.some((line) => /;[ \t]*[\\`][ \t]*\r?$/.test(line)) ? ';' : 'leading';
}

function isLead(line: string): boolean {
  return /^[ \t]*&&/.test(line);
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}
