import type { Edit } from '../../report/finding.ts';
import { blockOf, moveBehind } from '../move-instruction.ts';
import type { SemanticModel, Step } from '../semantic/model.ts';
import { remove, replace } from '../spans.ts';
import type { Copy, Instruction } from '../syntax.ts';
import { isInside } from './context-paths.ts';
import type { LateInstall } from './late-installs.ts';
import { type ManifestCopy, manifestCopies, treeFolder } from './manifest-copy.ts';
import { isIndifferent, isOwnFolder, neutrality } from './neutral.ts';
import { targetOf, writtenPaths } from './stage-contents.ts';

export interface Reordering {
  readonly title: string;
  /** The image surely stays the same. */
  readonly safe: boolean;
  readonly edits: readonly Edit[];
}

/** Longer stretches are left to people. */
export const maxStretch = 60;

/** Copies of many files are not compared. */
const maxPairs = 1000;

/**
 * Moves the changing copies behind the installs that stand behind them, with a copy of the manifests in their place
 * where an install reads some. All installs share their first changing copy. Undefined when something in between may
 * need the copied files.
 */
export function reorder(model: SemanticModel, lates: readonly LateInstall[]): Reordering | undefined {
  const first = lates[0]?.behind[0]?.step;
  const last = lates.at(-1)?.step;
  if (!first || !last || lates.some(({ step }) => step.stage !== first.stage)) return undefined;
  if (last.index - first.index > maxStretch) return undefined;
  const stretch = first.stage.steps.slice(first.index, last.index + 1);
  const moved = stretch.filter((step) => lates.some(({ behind }) => behind.some((change) => change.step === step)));
  const others = stretch.filter((step) => !moved.includes(step));
  const cut = cutOf(last);
  if (cut === undefined || !moved.every(isMovable)) return undefined;
  if (!others.every((step) => step === last || letsPass(step, moved))) return undefined;
  const manifests = manifestLines(model, lates, moved);
  if (!manifests) return undefined;
  const edits = arrange(model, moved, last, cut, manifests);
  if (!edits) return undefined;
  const safe = manifests.lines.length === 0 && moved.every(isApart) && others.every((step) => isSure(step, cut, last));
  return { title: titleOf(manifests.lines.length > 0), safe, edits };
}

function titleOf(copiesManifests: boolean): string {
  return copiesManifests ? 'Copy the dependency files first, the rest after the install' : 'Copy after the install';
}

/** Its words say the same everywhere in the stage. */
function isMovable({ instruction, copy }: Step): boolean {
  if (!copy?.target || copy.sources.some(({ kind }) => kind !== 'path')) return false;
  const words = [...copy.sources.map(({ word }) => word.raw), copy.target.raw];
  return [...words, ...instruction.flags.map(({ value = '' }) => value)].every((word) => !word.includes('$'));
}

/** Whether a step may come before the moved copies, though it stands behind one of them. */
function letsPass(step: Step, moved: readonly Step[]): boolean {
  const { instruction, copy } = step;
  if (instruction.keyword === 'RUN')
    return step.deferred || (step.commands.every((command) => neutrality(command)) && step.commands.length > 0);
  if (copy) return step.deferred || moved.every((each) => areApart(step, each));
  return isIndifferent(
    step,
    moved.some(({ copy: each }) => !each?.targetPath?.startsWith('/')),
  );
}

/** Whether two copies surely write nothing into the same place, so that their order does not matter. */
export function areApart(a: Step, b: Step): boolean {
  const [ours, theirs] = [writtenPaths(a), writtenPaths(b)];
  if (!ours || !theirs || ours.length * theirs.length > maxPairs) return false;
  return ours.every((one) => theirs.every((other) => !isInside(one, other) && !isInside(other, one)));
}

/** The first command of a RUN that may need the copied files; the number of commands when there is none. */
function cutOf({ commands, instruction }: Step): number | undefined {
  if (instruction.keyword !== 'RUN' || commands.length === 0) return undefined;
  const cut = commands.findIndex((command) => !neutrality(command));
  if (cut < 0) return commands.length;
  const isPlain = commands.every(({ nesting }) => nesting.length === 0) && instruction.form === 'shell';
  const hasState = commands.slice(0, cut).some(({ name }) => /^(set|cd|export|)$/.test(name));
  // What cleans up belongs into the layer that it cleans.
  const hasCleanup = commands.slice(cut).some((command) => command.name === 'rm' || neutrality(command));
  const isChained = commands[cut]?.before === '&&';
  return cut > 0 && isPlain && isChained && !hasState && !hasCleanup && instruction.heredocs.length === 0
    ? cut
    : undefined;
}

interface Manifests {
  /** The copy that they are part of. */
  readonly tree?: Step;
  readonly lines: readonly string[];
}

function manifestLines(
  model: SemanticModel,
  lates: readonly LateInstall[],
  moved: readonly Step[],
): Manifests | undefined {
  const reading = lates.filter(({ isProvided, need }) => !isProvided && (need.manifests ?? []).length > 0);
  if (reading.length === 0) return { lines: [] };
  if (reading.some(({ need }) => need.besides)) return undefined;
  for (const tree of moved) {
    // One more copy to wherever the base image may be: more of what is wrong already.
    if (tree.workdir === undefined && !tree.copy?.targetPath?.startsWith('/')) continue;
    const copies = reading.map((late) => manifestCopies(late, tree));
    if (copies.includes(undefined)) continue;
    const lines = copies.flatMap((each) => each ?? []).map((each) => copyLine(model, tree, each));
    return lines.includes(undefined)
      ? undefined
      : { tree, lines: [...new Set(lines.filter((line) => line !== undefined))] };
  }
  return undefined;
}

function copyLine(
  { dockerfile }: SemanticModel,
  { instruction, copy }: Step,
  { folder, names }: ManifestCopy,
): string | undefined {
  const root = treeFolder(copy?.sources[0]);
  if (root === undefined || !copy?.target || !isCopy(instruction) || instruction.form === 'exec') return undefined;
  const { text } = dockerfile.source;
  const flags = instruction.flags
    .filter(({ name }) => /^(chown|chmod|link)$/.test(name))
    .map(({ span }) => `${text.slice(span.start, span.end)} `);
  const source = root === './' ? '' : root;
  const sources =
    names.length === 0 ? [`${source}${folder}`.replace(/\/$/, '')] : names.map((name) => `${source}${folder}${name}`);
  const target = `${copy.target.raw.replace(/\/+$/, '')}/${folder}`;
  return `COPY ${flags.join('')}${sources.join(' ')} ${target}`;
}

function isCopy(instruction: Instruction): instruction is Copy {
  return instruction.keyword === 'COPY' || instruction.keyword === 'ADD';
}

function arrange(
  { dockerfile }: SemanticModel,
  moved: readonly Step[],
  last: Step,
  cut: number,
  { tree, lines }: Manifests,
): Edit[] | undefined {
  const { text } = dockerfile.source;
  const instructions = moved.map(({ instruction }) => instruction);
  const edits = moveBehind(dockerfile, instructions, last.instruction);
  const inserted = edits.pop();
  if (!inserted) return undefined;
  const removals = moved.map(({ instruction }, i) => {
    const removal = edits[i] ?? remove(instruction);
    if (instruction !== tree?.instruction) return removal;
    const { end } = blockOf(dockerfile, instruction);
    return replace(removal.span, `${lines.join('\n')}${text.slice(instruction.span.end, end)}`);
  });
  if (cut === last.commands.length) return [...removals, inserted];
  const gap = { start: last.commands[cut - 1]?.span.end ?? 0, end: last.commands[cut]?.span.start ?? 0 };
  if (!/^[\s\\]*&&[\s\\]*$/.test(text.slice(gap.start, gap.end))) return undefined;
  const flags = last.instruction.flags.map(({ span }) => `${text.slice(span.start, span.end)} `).join('');
  return [...removals, replace(gap, `${inserted.text}\nRUN ${flags}`)];
}

/** Packages of a distribution do not touch what is copied. */
function isApart(step: Step): boolean {
  const isKnown = step.workdir !== undefined || step.copy?.targetPath?.startsWith('/') === true;
  return isKnown && isOwnFolder(targetOf(step));
}

function isSure(step: Step, cut: number, last: Step): boolean {
  if (step.instruction.keyword === 'WORKDIR' || step.copy) return step.deferred;
  if (step.instruction.keyword !== 'RUN' || step.deferred) return true;
  const commands = step === last ? step.commands.slice(0, cut) : step.commands;
  return commands.every((command) => neutrality(command) === 'system');
}
