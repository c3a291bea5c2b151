import type { ImagePolicy } from '../config/image-policy.ts';
import type { StackedImage } from '../layers/stacked-image.ts';
import { startupOf } from '../layers/startup.ts';
import { byteSize, counted, percent, shareAndBound, sizeAndBound } from '../report/units.ts';
import { checkModes, checkPaths } from './check-paths.ts';
import type { Found } from './image-rules.ts';
import { matchesWildcards } from './wildcards.ts';

/** An image that this one is compared with. */
export interface Baseline {
  readonly reference: string;
  readonly storedBytes: number;
}

/** Holds an image to what a policy asks of it. What the policy does not speak of is not looked at. */
export function* checkPolicy(stacked: StackedImage, policy: ImagePolicy, baseline?: Baseline): Generator<Found> {
  yield* checkSizes(stacked, policy);
  yield* checkGrowth(stacked, policy, baseline);
  yield* checkPaths(stacked, policy.forbiddenPaths ?? []);
  yield* checkModes(stacked, policy.forbiddenModes ?? []);
  yield* checkConfig(stacked, policy);
}

function* checkSizes({ image, tree }: StackedImage, policy: ImagePolicy): Generator<Found> {
  const { maxSize, maxDeadBytes, minEfficiency, maxLayers, maxLayerSize } = policy;
  const { storedBytes, liveBytes, deadBytes } = tree;
  if (maxSize !== undefined && storedBytes > maxSize) {
    const [stored, most] = sizeAndBound(storedBytes, maxSize);
    yield { rule: 'image-size', message: `${stored} are stored, more than ${most}` };
  }
  if (maxDeadBytes !== undefined && deadBytes > maxDeadBytes) {
    const [dead, most] = sizeAndBound(deadBytes, maxDeadBytes);
    yield { rule: 'dead-bytes', message: `${dead} are stored and not reachable, more than ${most}` };
  }
  if (minEfficiency !== undefined && storedBytes > 0 && liveBytes / storedBytes < minEfficiency) {
    const [used, least] = shareAndBound(liveBytes / storedBytes, minEfficiency);
    yield { rule: 'image-efficiency', message: `${used} of what is stored is used, less than ${least}` };
  }
  if (maxLayers !== undefined && image.layers.length > maxLayers) {
    yield { rule: 'image-layers', message: `${counted(image.layers.length, 'layer')}, more than ${maxLayers}` };
  }
  for (const { layer, storedBytes: bytes } of tree.layers) {
    if (maxLayerSize === undefined || bytes <= maxLayerSize) continue;
    const [held, most] = sizeAndBound(bytes, maxLayerSize);
    const message = `the layer holds ${held}, more than ${most}`;
    yield { rule: 'layer-size', message, layer, key: image.layers[layer - 1]?.createdBy ?? String(layer) };
  }
}

function* checkGrowth({ tree }: StackedImage, { maxGrowth }: ImagePolicy, baseline?: Baseline): Generator<Found> {
  if (!baseline || !maxGrowth) return;
  const grown = tree.storedBytes - baseline.storedBytes;
  const allowed = 'bytes' in maxGrowth ? maxGrowth.bytes : maxGrowth.share * baseline.storedBytes;
  if (grown <= allowed) return;
  const [size, most] =
    'bytes' in maxGrowth ? sizeAndBound(grown, maxGrowth.bytes) : [byteSize(grown), percent(maxGrowth.share, 1)];
  const message = `${size} (${percent(grown, baseline.storedBytes)}) larger than ${baseline.reference}, more than ${most}`;
  yield { rule: 'image-growth', message };
}

function* checkConfig({ image: { config } }: StackedImage, policy: ImagePolicy): Generator<Found> {
  const user = config.user ?? '';
  const name = user.split(':')[0] ?? '';
  const isRoot = name === '' || name === 'root' || /^0+$/.test(name);
  if (policy.user === 'non-root' && isRoot) {
    yield { rule: 'image-user', message: user === '' ? 'no USER is set: it runs as root' : `it runs as ${user}` };
  } else if (policy.user !== undefined && policy.user !== 'non-root' && policy.user !== user && policy.user !== name) {
    yield { rule: 'image-user', message: `it runs as ${user === '' ? 'root' : user}, not as ${policy.user}` };
  }
  for (const port of policy.ports ? config.exposedPorts : []) {
    const whole = port.includes('/') ? port : `${port}/tcp`;
    if (!policy.ports?.includes(whole))
      yield { rule: 'image-ports', message: `port ${whole} is exposed`, subject: whole };
  }
  if (policy.entrypoint !== undefined) {
    if ((config.entrypoint ?? []).length === 0) yield { rule: 'image-entrypoint', message: 'there is no ENTRYPOINT' };
    else if (policy.entrypoint === 'exec' && startupOf(config).form === 'shell') {
      yield { rule: 'image-entrypoint', message: 'the ENTRYPOINT runs through a shell' };
    }
  }
  const test = config.healthcheck?.test ?? [];
  const hasCheck = test.length > 0 && test[0] !== 'NONE';
  if (policy.healthcheck === 'required' && !hasCheck) {
    yield { rule: 'image-healthcheck', message: 'there is no HEALTHCHECK' };
  }
  if (policy.healthcheck === 'forbidden' && hasCheck) {
    yield { rule: 'image-healthcheck', message: 'there is a HEALTHCHECK, which is not wanted' };
  }
  for (const [label, pattern] of policy.labels ?? []) {
    const value = Object.hasOwn(config.labels, label) ? config.labels[label] : undefined;
    if (value === undefined) yield { rule: 'image-labels', message: `the label ${label} is missing`, subject: label };
    else if (!matchesWildcards(pattern, value)) {
      yield { rule: 'image-labels', message: `the label ${label} does not match ${pattern}`, subject: label };
    }
  }
}
