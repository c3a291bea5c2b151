import type { Draft } from './draft.ts';
import type { Stage } from './model.ts';

/** The stage that is built: the target, by name or number, or else the last one. */
export function targetStage(stages: readonly Stage[], target: string | undefined): Stage | undefined {
  if (target === undefined) return stages.at(-1);
  const named = stages.find(({ name }) => name === target.toLowerCase());
  const numbered = /^\d{1,9}$/.test(target) ? stages[Number(target)] : undefined;
  return named ?? numbered ?? stages.at(-1);
}

/** Marks what the final stage is made of. */
export function markFinal(final: Stage): void {
  (final as Draft<Stage>).isFinal = true;
  markReachable(final);
  markShipped(final);
}

function markReachable(final: Stage): void {
  const open: Stage[] = [final];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    if (stage.isReachable) continue;
    (stage as Draft<Stage>).isReachable = true;
    open.push(...stage.dependsOn);
  }
}

function markShipped(final: Stage): void {
  for (let stage: Stage | undefined = final; stage; ) {
    (stage as Draft<Stage>).isShipped = true;
    stage = stage.base.kind === 'stage' ? stage.base.stage : undefined;
  }
}
