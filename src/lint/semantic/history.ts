import type { Stage, Step } from './model.ts';

/**
 * Whether something holds for a step or for one before it, in its stage and in those it starts from. Every step is
 * judged once, on the first question.
 */
export function sinceStep(stages: readonly Stage[], holds: (step: Step) => boolean): (step: Step) => boolean {
  let first: ReadonlyMap<Stage, number> | undefined;
  return ({ stage, index }) => {
    first ??= firstSteps(stages, holds);
    return (first.get(stage) ?? Number.POSITIVE_INFINITY) <= index;
  };
}

/** Index of the first such step of each stage; -1 when it is inherited. */
function firstSteps(stages: readonly Stage[], holds: (step: Step) => boolean): ReadonlyMap<Stage, number> {
  const first = new Map<Stage, number>();
  for (const stage of stages) {
    const isInherited = stage.base.kind === 'stage' && first.has(stage.base.stage);
    const index = isInherited ? -1 : stage.steps.findIndex(holds);
    if (isInherited || index >= 0) first.set(stage, index);
  }
  return first;
}
