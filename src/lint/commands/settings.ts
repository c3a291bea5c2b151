import { sinceStep } from '../semantic/history.ts';
import type { SemanticModel, Step } from '../semantic/model.ts';
import type { Heredoc } from '../syntax.ts';

/** A setting that a program reads from a file, such as `APT::Get::Assume-Yes` from `/etc/apt/apt.conf.d/…`. */
export interface Setting {
  /** Matches the file's path. */
  readonly file: RegExp;
  /** Matches the text that makes the setting. */
  readonly text: RegExp;
}

/**
 * Tells whether a step, one before it in its stage, or one of the stages that it starts from writes a setting into its
 * file. A file copied from the build context may have the setting, so it counts.
 */
export function isSetBy(model: SemanticModel, setting: Setting): (step: Step) => boolean {
  const { text } = model.dockerfile.source;
  const body = ({ body: { start, end } }: Heredoc): string => text.slice(start, end);
  return sinceStep(model.stages, (step) => runWrites(step, setting, body) || copyWrites(step, setting, body));
}

function runWrites({ instruction, commands }: Step, { file, text }: Setting, body: (of: Heredoc) => string): boolean {
  if (instruction.keyword !== 'RUN') return false;
  const words = commands.flatMap((command) => [
    ...command.words,
    ...command.redirects.flatMap(({ target }) => target ?? []),
  ]);
  if (!words.some((word) => file.test(word.text))) return false;
  return words.some((word) => text.test(word.text)) || instruction.heredocs.some((heredoc) => text.test(body(heredoc)));
}

function copyWrites({ copy }: Step, { file, text }: Setting, body: (of: Heredoc) => string): boolean {
  if (!copy) return false;
  const target = copy.targetPath ?? copy.target?.text ?? '';
  return copy.sources.some(({ heredoc, path, word }) => {
    const name = (path ?? word.text).replace(/\/+$/, '').replace(/^.*\//s, '');
    if (!file.test(target) && !file.test(`${target.replace(/\/+$/, '')}/${name}`)) return false;
    return heredoc ? text.test(body(heredoc)) : true;
  });
}
