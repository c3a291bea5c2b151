import type { Stage, Start, Step } from './model.ts';

/** Instructions of which the last one of a stage counts (Dockerfile reference, CMD, ENTRYPOINT, HEALTHCHECK). */
export type StartKeyword = keyof Start;

/**
 * What is in force after a step. An ENTRYPOINT takes an inherited CMD away (Dockerfile reference, "Understand how CMD
 * and ENTRYPOINT interact").
 */
export function startAfter(start: Start, step: Step): Start {
  const { keyword } = step.instruction;
  if (keyword === 'CMD' || keyword === 'HEALTHCHECK') return { ...start, [keyword]: step };
  if (keyword !== 'ENTRYPOINT') return start;
  const { CMD, ...others } = start;
  return { ...others, ENTRYPOINT: step, ...(CMD?.stage === step.stage ? { CMD } : {}) };
}

/** Instructions that a later one of the same stage makes void, with that one. */
export function superseded(stage: Stage, keyword: StartKeyword): { readonly step: Step; readonly by: Step }[] {
  const last = stage.start[keyword];
  if (last?.stage !== stage) return [];
  const all = stage.steps.filter(({ instruction, deferred }) => instruction.keyword === keyword && !deferred);
  return all.slice(0, -1).map((step) => ({ step, by: last }));
}
