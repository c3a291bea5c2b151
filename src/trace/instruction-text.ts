import type { Step } from '../lint/semantic.ts';
import type { Copy, Instruction, Run, Word } from '../lint/syntax.ts';
import { maskText } from '../report/secrets.ts';
import { squeeze, wordsOf } from './created-by.ts';

/** How a builder may write an instruction into the history, the most likely first; what is not known is left out. */
export interface InstructionText {
  readonly keyword: string;
  readonly texts: readonly string[];
  /** COPY and ADD: where to, absolute where that is known. */
  readonly targets: readonly string[];
  /** Of the first text. */
  readonly words: ReadonlySet<string>;
}

/** @param text of the Dockerfile */
export function instructionText(step: Step, text: string): InstructionText {
  const found = textsOf(step, text);
  return { ...found, words: wordsOf(found.texts[0] ?? '') };
}

function textsOf(step: Step, text: string): Omit<InstructionText, 'words'> {
  const { instruction, onbuild } = step;
  if (onbuild) return { keyword: 'ONBUILD', texts: [written(onbuild, text)], targets: [] };
  const { keyword } = instruction;
  switch (keyword) {
    case 'RUN':
      return { keyword, texts: commands(instruction, text).flatMap(alsoMasked), targets: [] };
    case 'COPY':
    case 'ADD':
      return { keyword, texts: copies(instruction, step), targets: targets(step) };
    case 'ENV':
    case 'LABEL':
    case 'ARG':
      return { keyword, texts: [pairs(instruction, step), written(instruction, text)], targets: [] };
    case 'WORKDIR': {
      const word = instruction.words[0];
      const path = word && step.expand(word.raw).text;
      return { keyword, texts: path === undefined ? [] : [absolute(path, step), path], targets: [] };
    }
    default:
      return { keyword, texts: [written(instruction, text)], targets: [] };
  }
}

/** The history has secrets masked. */
function alsoMasked(command: string): string[] {
  return [...new Set([squeeze(command), squeeze(maskText(command))])];
}

function commands(run: Run, text: string): string[] {
  if (run.form === 'exec') {
    return [run.words.map((word) => word.text).join(' '), written(run, text)];
  }
  const script = run.script?.text ?? '';
  if (run.heredocs.length === 0) return [script];
  const bodies = run.heredocs.map(({ body, chomp }) => {
    const whole = text.slice(body.start, body.end);
    return chomp ? whole.replace(/^\t+/gm, '') : whole;
  });
  const isOnlyHeredoc = run.heredocs.length === 1 && /^<<-?["']?\w+["']?$/.test(script.trim());
  const appended = run.heredocs.map(({ name }, i) => `\n${bodies[i]}${name}`).join('');
  return isOnlyHeredoc ? [bodies[0] as string, script + appended, script] : [script + appended, script];
}

function copies(copy: Copy, step: Step): string[] {
  const words = [...copy.sources, ...(copy.target ? [copy.target] : [])];
  const filled = words.map((word) => step.expand(word.raw).text);
  const asWritten = words.map(({ text }) => text).join(' ');
  const heredocs = words.map(({ text }) => text.replace(/^<<-?["']?(\w+)["']?$/, '<<$1')).join(' ');
  const known = filled.every((text) => text !== undefined) ? [filled.join(' ')] : [];
  return [...new Set([...known, heredocs, asWritten].map(squeeze))];
}

function targets({ copy, ...step }: Step): string[] {
  const path = copy?.targetPath;
  // buildah writes it as it stands in the file, variables and all.
  const raw = 'target' in step.instruction ? step.instruction.target?.text : undefined;
  const known = path === undefined ? [] : [path, absolute(path, step)];
  return [...new Set([...known, ...(raw === undefined ? [] : [raw])].map(trimSlash))];
}

function absolute(path: string, { workdir }: Pick<Step, 'workdir'>): string {
  if (path.startsWith('/')) return path === '/' ? path : trimSlash(path);
  const parts = `${workdir ?? ''}/${path}`.split('/').filter((part) => part !== '' && part !== '.');
  return `/${parts.join('/')}`;
}

export function trimSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

function pairs(instruction: Extract<Instruction, { pairs: unknown }>, step: Step): string {
  const fill = (word: Word) => step.expand(word.raw).text ?? word.text;
  return squeeze(
    instruction.pairs.map(({ key, value }) => (value ? `${fill(key)}=${fill(value)}` : key.text)).join(' '),
  );
}

/** What follows the keyword, continuations joined. */
function written(instruction: Instruction, text: string): string {
  const { keywordSpan, span } = instruction;
  return squeeze(text.slice(keywordSpan.end, span.end).replace(/[\\`][ \t]*\r?\n(?:[ \t]*#.*\r?\n)*/g, ''));
}
