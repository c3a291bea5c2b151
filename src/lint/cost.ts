/**
 * Layer order as a model. A builder runs a step again as soon as one of its inputs, or anything in front of it, has
 * changed; so a costly step should stand in front of what changes more often than the step's own needs.
 */
export type { Change } from './cost/changes.ts';
export { type Cost, type LayerFacts, layerFacts } from './cost/facts.ts';
export { type LateGroup, lateGroups } from './cost/groups.ts';
export type { Input } from './cost/inputs.ts';
export type { LateInstall } from './cost/late-installs.ts';
export { type ManifestCopy, manifestCopies } from './cost/manifest-copy.ts';
export { moveArgument } from './cost/move-argument.ts';
export type { Fetch, Need } from './cost/needs/need.ts';
export { needOf } from './cost/needs.ts';
export { plainName, proposal } from './cost/proposal.ts';
export { areApart, type Reordering, reorder } from './cost/reorder.ts';
export { isMoreVolatile, type Volatility } from './cost/volatility.ts';
export { commandTitle, listing } from './cost/words.ts';
