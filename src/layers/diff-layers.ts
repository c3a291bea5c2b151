import type { LayerDiff, LayerStep } from '../report/diff-report.ts';
import type { Digest } from '../report/finding.ts';
import { instructionOf } from './instruction.ts';
import type { LayerRecord } from './record.ts';
import { maskFor } from './report.ts';
import type { StackedImage } from './stacked-image.ts';

/** More steps than this are compared by their layers alone: the comparison takes time by the product of both. */
const MOST_STEPS = 2000;

type Step = Omit<LayerStep, 'change'> & { readonly key: string };

/** How the steps of two images differ, and which layers both have. */
export function diffLayers(before: StackedImage, after: StackedImage): LayerDiff {
  const [old, young] = [stepsOf(before), stepsOf(after)];
  const ids = new Set(old.flatMap(({ diffId }) => (diffId === null ? [] : [diffId])));
  const shared = young.filter(({ diffId }) => diffId !== null && ids.has(diffId));
  return {
    shared: shared.length,
    sharedBytes: shared.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
    steps: align(old, young),
  };
}

function stepsOf({ image, records }: StackedImage): Step[] {
  const mask = maskFor(image.config);
  const stated = image.history.map(({ createdBy, layer }) => ({ createdBy, layer }));
  const made = image.layers.map(({ createdBy, index }) => ({ createdBy, layer: index as number | null }));
  // A history that does not name every layer would hide some.
  const isWhole = stated.filter(({ layer }) => layer !== null).length === image.layers.length;
  return (isWhole && stated.length <= MOST_STEPS ? stated : made).map(({ createdBy, layer }) => {
    const instruction = instructionOf(createdBy === null ? null : mask(createdBy));
    if (layer === null) return { instruction, layer, diffId: null, storedBytes: 0, key: `step ${createdBy}` };
    const record = records[layer - 1] as LayerRecord;
    const diffId: Digest | null = record.diffId ?? image.layers[layer - 1]?.diffId ?? null;
    const key = diffId ?? `${image.reference} ${layer}`;
    return { instruction, layer, diffId, storedBytes: record.storedBytes, key };
  });
}

/** The longest common subsequence; images have at most a thousand layers. */
function align(old: readonly Step[], young: readonly Step[]): LayerStep[] {
  const width = young.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = young.length - 1; j >= 0; j--) {
      const isSame = old[i]?.key === young[j]?.key;
      const at = i * width + j;
      lengths[at] = isSame
        ? (lengths[at + width + 1] as number) + 1
        : Math.max(lengths[at + width] as number, lengths[at + 1] as number);
    }
  }
  const steps: LayerStep[] = [];
  const push = ({ key: _, ...step }: Step, change: LayerStep['change']) => steps.push({ change, ...step });
  let [i, j] = [0, 0];
  while (i < old.length || j < young.length) {
    const [a, b] = [old[i], young[j]];
    if (a && b && a.key === b.key) {
      push(b, 'same');
      i++;
      j++;
    } else if (a && (!b || (lengths[(i + 1) * width + j] as number) >= (lengths[i * width + j + 1] as number))) {
      push(a, 'removed');
      i++;
    } else if (b) {
      push(b, 'added');
      j++;
    }
  }
  return steps;
}
