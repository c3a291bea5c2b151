import type { Span } from '../../report/finding.ts';
import type { Instruction, Word } from '../syntax.ts';

/**
 * Where a word refers to a variable without saying what holds when it is unset: `$x`, `${x}`, `${x%…}`, but not
 * `${x:-default}`, `${x+other}` and `${x:?message}`. Undefined when it does so nowhere.
 */
export function plainReference(text: string, { span, raw }: Word, name: string): Span | undefined {
  const pattern = new RegExp(`\\$(?:${name}(?![A-Za-z0-9_])|\\{${name}[}#%/])`);
  if (!pattern.test(raw)) return undefined;
  const match = pattern.exec(text.slice(span.start, span.end));
  if (!match) return span;
  const start = span.start + match.index;
  const close = match[0].startsWith('${') ? text.indexOf('}', start) : -1;
  return { start, end: close < 0 || close >= span.end ? start + match[0].length : close + 1 };
}

/**
 * The words of an instruction in which the builder fills in variables (Dockerfile reference, "Environment
 * replacement"). What RUN, CMD and ENTRYPOINT execute is the shell's affair; values of flags are not here.
 */
export function expandedWords(instruction: Instruction): readonly Word[] {
  switch (instruction.keyword) {
    case 'ENV':
    case 'LABEL':
    case 'ARG':
      return instruction.pairs.flatMap(({ key, value }) => (value ? [key, value] : [key]));
    case 'COPY':
    case 'ADD':
      return instruction.target ? [...instruction.sources, instruction.target] : instruction.sources;
    case 'EXPOSE':
    case 'USER':
    case 'VOLUME':
    case 'WORKDIR':
    case 'STOPSIGNAL':
      return instruction.words;
    default:
      return [];
  }
}
