import type { Pair } from '../syntax.ts';
import type { SemanticModel, Step } from './model.ts';

/** One label of an image. */
export interface Label {
  readonly step: Step;
  readonly pair: Pair;
  readonly key: string;
  /** Variables filled in; absent when the value depends on what only the build knows. */
  readonly value?: string;
}

/** All labels of a file in order, those with an unknown key left out. Behind ONBUILD there are labels, too. */
export function* labels({ steps }: Pick<SemanticModel, 'steps'>): Generator<Label> {
  for (const step of steps) {
    const { instruction } = step;
    if (instruction.keyword !== 'LABEL') continue;
    for (const pair of instruction.pairs) {
      const { text: key = '' } = step.expand(pair.key.raw);
      const value = pair.value && step.expand(pair.value.raw).text;
      if (key !== '') yield { step, pair, key, ...(value === undefined ? {} : { value }) };
    }
  }
}

/** Labels among `keys` (`*` at the end stands for any rest) that have a value, and an unfit one. */
export function* unfitLabels(
  model: Pick<SemanticModel, 'steps'>,
  keys: readonly string[],
  isFit: (value: string) => boolean,
): Generator<Label & { readonly value: string }> {
  if (keys.length === 0) return;
  for (const label of labels(model)) {
    const { key, value } = label;
    if (!value || !isLabelAmong(key, keys) || isFit(value)) continue;
    yield { ...label, value };
  }
}

export function isLabelAmong(key: string, keys: readonly string[]): boolean {
  return keys.some((each) => (each.endsWith('*') ? key.startsWith(each.slice(0, -1)) : key === each));
}
