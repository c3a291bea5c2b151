import type { Step } from '../semantic/model.ts';
import { isWholeTree } from './context-paths.ts';
import { type Input, inputsOf } from './inputs.ts';
import { type StageContents, targetOf } from './stage-contents.ts';
import { isMoreVolatile, type Volatility } from './volatility.ts';

/** A step that runs again with every edit or every build, and makes all steps behind it run again. */
export interface Change {
  readonly step: Step;
  readonly kind: 'copy' | 'mount' | 'argument';
  /** What of it changes: the first such input. */
  readonly input: Input;
  readonly volatility: Volatility;
}

/** What a step brings in that changes more often than dependencies do. */
export function changeOf(step: Step, contents: StageContents): Change | undefined {
  // Package sources, keys and settings of the system are what package managers read.
  if (step.copy && /^\/(etc|usr\/share\/keyrings)(\/|$)/.test(targetOf(step) ?? '')) return undefined;
  const input = inputsOf(step, contents).find(({ volatility }) => isMoreVolatile(volatility, 'dependency-change'));
  if (!input || isTool(step, input)) return undefined;
  const kind = input.kind === 'argument' ? 'argument' : step.copy ? 'copy' : 'mount';
  return { step, kind, input, volatility: input.volatility };
}

/** A program for the build that happens to be a single source file: `COPY fetch.py /usr/local/bin/`. */
function isTool(step: Step, input: Input): boolean {
  if (input.kind !== 'context' || isWholeTree(input.path) || !/\.\w+$/.test(input.path)) return false;
  return /^\/(usr\/(local\/)?)?s?bin(\/|$)/.test(targetOf(step) ?? '');
}

/** Whether a RUN reads a variable that one of the changes sets, so that it has to run again. */
export function readsArgument(step: Step, changes: readonly Change[]): boolean {
  const names = new Set(
    changes.flatMap(({ step: { instruction } }) =>
      instruction.keyword === 'ARG' || instruction.keyword === 'ENV'
        ? instruction.pairs.map(({ key }) => key.text)
        : [],
    ),
  );
  if (names.size === 0) return false;
  return step.commands.some(({ words, assignments }) =>
    [...words, ...assignments.flatMap(({ value }) => value ?? [])].some(({ expansions }) =>
      expansions.some(({ name }) => name !== undefined && names.has(name)),
    ),
  );
}
