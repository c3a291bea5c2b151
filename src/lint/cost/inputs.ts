import type { CopySource, Stage, Step } from '../semantic/model.ts';
import type { Mount } from '../semantic/mounts.ts';
import { changesEveryBuild, variablesIn } from './arguments.ts';
import { pathVolatility } from './context-paths.ts';
import type { StageContents } from './stage-contents.ts';
import type { Volatility } from './volatility.ts';

/**
 * Something that is part of a step's cache key besides its own text, as BuildKit makes it (`dockerfile2llb`,
 * `solver/llbsolver/ops`):
 *
 * - COPY and ADD of the context: a checksum over names, modes, owners and contents of the files; not their times.
 * - COPY --from and RUN --mount=from= of a stage: the same checksum. A stage that is built again with the same result
 *   changes nothing.
 * - RUN --mount=type=bind of the context: the checksum of the mounted path, for this RUN alone. Mounts of type cache,
 *   tmpfs, secret and ssh are no input.
 * - ADD of a URL: what the server says of it; of a repository: the commit that its branch or tag stands for.
 * - ARG that has a value, and ENV: part of the environment of every RUN behind them, whether it reads them or not, in
 *   this stage and in those that start from it. COPY and ADD have no environment: variables matter to them only in
 *   their words. An ARG before the first FROM is in no environment until a stage declares it again.
 * - LABEL, EXPOSE, CMD and their kin change the configuration of the image alone; no step behind them runs again.
 *   (Kaniko and the classic builder compare every instruction in turn: there they do.)
 */
export type Input =
  | {
      readonly kind: 'context';
      readonly path: string;
      readonly volatility: Volatility;
      readonly at: CopySource | Mount;
    }
  | {
      readonly kind: 'stage';
      readonly stage: Stage;
      readonly path: string;
      readonly volatility: Volatility;
      readonly at: CopySource | Mount;
    }
  | { readonly kind: 'argument'; readonly name: string; readonly volatility: Volatility }
  | { readonly kind: 'remote'; readonly address: string; readonly volatility: Volatility };

/** The inputs of a step that may change from one build to the next. What is inside a layer below is none of them. */
export function inputsOf(step: Step, contents: StageContents): readonly Input[] {
  if (step.deferred) return [];
  switch (step.instruction.keyword) {
    case 'COPY':
    case 'ADD':
      return copyInputs(step, contents);
    case 'RUN':
      return step.mounts.flatMap((mount) => mountInput(step, mount, contents));
    case 'ARG':
      return step.instruction.pairs
        .filter((pair) => changesEveryBuild(pair) && !contents.pinsOf(step.stage).has(pair.key.text))
        .map(({ key }) => ({ kind: 'argument', name: key.text, volatility: 'every-build' }));
    case 'ENV':
      return step.instruction.pairs
        .flatMap(({ value }) => variablesIn(value?.raw ?? ''))
        .filter((name) => isFresh(step, name) && !contents.pinsOf(step.stage).has(name))
        .map((name) => ({ kind: 'argument', name, volatility: 'every-build' }));
    default:
      return [];
  }
}

function isFresh({ env }: Step, name: string): boolean {
  const variable = env.get(name);
  return variable?.kind === 'arg' && variable.pair !== undefined && changesEveryBuild(variable.pair);
}

function copyInputs({ copy, instruction, stage }: Step, contents: StageContents): Input[] {
  if (!copy) return [];
  const { from } = copy;
  return copy.sources.flatMap((source): Input[] => {
    const path = source.path ?? source.word.text;
    if (source.kind === 'heredoc') return [];
    if (source.kind !== 'path') {
      const isFixed = instruction.flags.some(({ name }) => name === 'checksum');
      const volatility = !isFixed && source.kind === 'git' && isBranch(path) ? 'dependency-change' : 'never';
      return [{ kind: 'remote', address: path, volatility }];
    }
    if (from.kind === 'context' && 'name' in from) return [];
    if (from.kind === 'context') return [{ kind: 'context', path, volatility: pathVolatility(path), at: source }];
    if (from.kind !== 'stage' || !isBuiltBefore(from.stage, stage)) return [];
    return [
      { kind: 'stage', stage: from.stage, path, volatility: contents.volatilityOf(from.stage, path), at: source },
    ];
  });
}

/** Whether a stage can be copied from. Files that say otherwise do not build, and would be followed without end. */
function isBuiltBefore(source: Stage, { index }: Stage): boolean {
  return source.index < index;
}

/** `repo.git` and `repo.git#main` follow a branch; a tag or a commit stays. */
function isBranch(address: string): boolean {
  const [, reference = ''] = /[#?](?:ref=|branch=|tag=|commit=)?([^:&]*)/.exec(address) ?? [];
  return !/^(v?\d+(\.\d+)*|[0-9a-f]{7,64}|refs\/tags\/.*)/.test(reference);
}

function mountInput({ stage }: Step, mount: Mount, contents: StageContents): Input[] {
  if (mount.type !== 'bind') return [];
  const path = mount.source ?? '.';
  if (mount.from === undefined) return [{ kind: 'context', path, volatility: pathVolatility(path), at: mount }];
  const from = stage.dependsOn.find(
    ({ name, index }) => name === mount.from?.toLowerCase() || `${index}` === mount.from,
  );
  if (!from || !isBuiltBefore(from, stage)) return [];
  return [{ kind: 'stage', stage: from, path, volatility: contents.volatilityOf(from, path), at: mount }];
}
