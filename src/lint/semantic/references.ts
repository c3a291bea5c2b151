import type { Span } from '../../report/finding.ts';
import type { Instruction, Word } from '../syntax.ts';

/**
 * Where a word refers to variables without saying what holds when they are unset: `$x`, `${x}`, `${x%…}`, but not
 * `${x:-default}`, `${x+other}` and `${x:?message}`. The first place of each name.
 */
export function plainReferences(text: string, { span, raw }: Word): ReadonlyMap<string, Span> {
  const found = new Map<string, Span>();
  if (!raw.includes('$')) return found;
  for (const { name, start, end } of referencesIn(text.slice(span.start, span.end))) {
    if (!found.has(name)) found.set(name, { start: span.start + start, end: span.start + end });
  }
  // A name that a continuation cuts in two stands somewhere in the word.
  for (const { name } of referencesIn(raw)) if (!found.has(name)) found.set(name, span);
  return found;
}

function* referencesIn(text: string): Generator<{ name: string; start: number; end: number }> {
  for (const match of text.matchAll(/\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(\}|[#%/][^}]*\}?))/g)) {
    yield { name: match[1] ?? match[2] ?? '', start: match.index, end: match.index + match[0].length };
  }
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
