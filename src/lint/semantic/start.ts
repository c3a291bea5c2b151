import type { Keyword } from '../syntax.ts';
import type { Stage, StageBase, Step } from './model.ts';

/** Instructions of which the last one of a stage counts (Dockerfile reference, CMD, ENTRYPOINT, HEALTHCHECK). */
export type StartKeyword = Extract<Keyword, 'CMD' | 'ENTRYPOINT' | 'HEALTHCHECK'>;

/** The last such instruction of the stage itself. */
export function lastOf({ steps }: Stage, keyword: StartKeyword): Step | undefined {
  return steps.findLast(({ instruction, deferred }) => instruction.keyword === keyword && !deferred);
}

/**
 * What is in force at the end of a stage, inherited from the stages it starts from. An ENTRYPOINT takes an
 * inherited CMD away (Dockerfile reference, "Understand how CMD and ENTRYPOINT interact").
 */
export function inForce(stage: Stage, keyword: StartKeyword): Step | undefined {
  for (let at = stage; ; at = at.base.stage) {
    const own = lastOf(at, keyword);
    if (own || at.base.kind !== 'stage') return own;
    if (keyword === 'CMD' && lastOf(at, 'ENTRYPOINT')) return undefined;
  }
}

/** Instructions that a later one of the same stage makes void, with that one. */
export function superseded(stage: Stage, keyword: StartKeyword): { readonly step: Step; readonly by: Step }[] {
  const last = lastOf(stage, keyword);
  if (!last) return [];
  const all = stage.steps.filter(({ instruction, deferred }) => instruction.keyword === keyword && !deferred);
  return all.slice(0, -1).map((step) => ({ step, by: last }));
}

/** What a stage is built on in the end: the base of the first of the stages it starts from. */
export function rootOf(stage: Stage): StageBase {
  let { base } = stage;
  while (base.kind === 'stage') base = base.stage.base;
  return base;
}
