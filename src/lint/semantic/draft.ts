import type { VariableHistory } from './environment.ts';
import type { Stage, Step } from './model.ts';

export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** A stage while the model is made. */
export type StageDraft = Draft<Omit<Stage, 'steps' | 'dependsOn'>> & { steps: Step[]; dependsOn: Stage[] };

/** What a stage is made with, and nobody needs afterwards. */
export interface Working {
  readonly variables: VariableHistory;
  /** A base image may bring in variables that this file does not show. */
  readonly isOpen: boolean;
  readonly uses: Set<Stage>;
}
