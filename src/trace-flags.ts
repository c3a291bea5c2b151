import { readBuildArgs } from './build-args.ts';
import { DlintError } from './errors.ts';
import type { AnalyzeOptions, SemanticModel } from './lint/semantic.ts';

interface TraceFlags {
  readonly dockerfile?: string;
  readonly 'build-arg'?: readonly string[];
  readonly target?: string;
}

/** How an image was built, as far as the command line says. */
export type BuildFlags = Pick<AnalyzeOptions, 'buildArgs' | 'target'>;

/**
 * `--build-arg` and `--target` say how the Dockerfile of `--dockerfile` was built.
 * @throws DlintError E_USAGE where there is none, or an argument has no value
 */
export function readBuildFlags(flags: TraceFlags): BuildFlags {
  const alone = (['build-arg', 'target'] as const).find((name) => flags[name] !== undefined);
  if (alone && flags.dockerfile === undefined) {
    throw new DlintError('E_USAGE', `--${alone} says how a Dockerfile was built`, {
      where: `--${alone}`,
      hint: `add --dockerfile FILE, or leave --${alone} out`,
    });
  }
  return {
    buildArgs: readBuildArgs(flags['build-arg'] ?? []),
    ...(flags.target !== undefined && { target: flags.target }),
  };
}

/**
 * Refuses a `--target` that the file does not have, where a linter would take the last stage.
 * @throws DlintError E_USAGE
 */
export function checkTarget({ stages, finalStage, dockerfile }: SemanticModel, target: string | undefined): void {
  if (target === undefined || finalStage?.name === target.toLowerCase() || String(finalStage?.index) === target) return;
  const names = stages.flatMap(({ name }) => name ?? []);
  throw new DlintError('E_USAGE', `${dockerfile.source.path} has no stage ${target}`, {
    where: `--target ${target}`,
    hint: names.length > 0 ? `one of ${names.join(', ')}` : `a number from 0 to ${Math.max(0, stages.length - 1)}`,
  });
}
