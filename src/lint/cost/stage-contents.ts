import type { Stage, Step } from '../semantic/model.ts';
import { resolveWorkdir } from '../semantic/paths.ts';
import type { Command } from '../shell.ts';
import { variablesIn } from './arguments.ts';
import { baseName, isDependencyPath, isInside } from './context-paths.ts';
import { inputsOf } from './inputs.ts';
import { needOf } from './needs.ts';
import { isMoreVolatile, mostVolatile, type Volatility } from './volatility.ts';

/** Something that a step has put at a path of its stage. */
interface Placed {
  readonly path: string;
  readonly volatility: Volatility;
}

/** So many copies and builds of a stage are looked at, so that time stays linear. */
const maxPlaced = 40;

/** Stages may start from each other in a long chain. */
const maxBases = 20;

/**
 * How often the files of a stage change. COPY --from compares contents: a stage whose steps run again with the same
 * result changes nothing for those who copy from it, so what matters is what the files are made of.
 */
export class StageContents {
  readonly #placed = new Map<Stage, readonly Placed[]>();
  readonly #pins = new Map<Stage, ReadonlySet<string>>();

  /** Of what `COPY --from` names: `path` is relative to the root of the stage. */
  volatilityOf(stage: Stage, path: string): Volatility {
    const wanted = resolveWorkdir('/', path.replace(/\/?\*.*$/, '')) ?? '/';
    const found: Volatility[] = [];
    let current: Stage | undefined = stage;
    for (let depth = 0; current && depth < maxBases; depth++) {
      for (const placed of this.#of(current)) if (concerns(placed.path, wanted)) found.push(placed.volatility);
      current = current.base.kind === 'stage' ? current.base.stage : undefined;
    }
    const most = mostVolatile(found);
    return isMoreVolatile(most, 'dependency-change') && isDependencyPath(path) ? 'dependency-change' : most;
  }

  /** Names of variables that tell what a stage fetches: they pin it, whatever they are called. */
  pinsOf(stage: Stage): ReadonlySet<string> {
    const known = this.#pins.get(stage) ?? fetchedNames(stage);
    this.#pins.set(stage, known);
    return known;
  }

  #of(stage: Stage): readonly Placed[] {
    const known = this.#placed.get(stage);
    if (known) return known;
    // Stages only copy from earlier ones; a file that says otherwise gets nothing instead of an endless loop.
    this.#placed.set(stage, []);
    const placed: Placed[] = [];
    for (const step of stage.steps) {
      if (placed.length >= maxPlaced) break;
      if (step.copy) placed.push(...copied(step, this));
      else if (step.instruction.keyword === 'RUN') placed.push(...built(step, placed, this));
    }
    this.#placed.set(stage, placed);
    return placed;
  }
}

/** Whether a copy of `wanted` takes something of `placed`. Nobody means the whole of `/` when a tree was put there. */
function concerns(placed: string, wanted: string): boolean {
  if (placed === '/') return !/^\/(usr|etc|lib|lib64|bin|sbin|opt)(\/|$)/.test(wanted);
  return isInside(placed, wanted) || isInside(wanted, placed);
}

function copied(step: Step, contents: StageContents): Placed[] {
  const path = targetOf(step);
  if (path === undefined) return [];
  return inputsOf(step, contents).map(({ volatility }) => ({ path, volatility }));
}

/** Where COPY and ADD put things; a relative path with a base image's WORKDIR counts from `/`, for COPY --from as well. */
export function targetOf({ copy, workdir }: Step): string | undefined {
  return copy?.targetPath === undefined ? undefined : resolveWorkdir(workdir ?? '/', copy.targetPath);
}

/** The paths that COPY and ADD write, files that go into a folder one by one. Undefined when they cannot be known. */
export function writtenPaths(step: Step): readonly string[] | undefined {
  const target = targetOf(step);
  const { copy } = step;
  if (target === undefined || !copy) return undefined;
  const isFolder = copy.sources.length > 1 || /(^|\/)\.{0,2}\/?$/.test(copy.targetPath ?? '');
  return copy.sources.map(({ path, word }) => {
    const name = baseName(path ?? word.text);
    const isFile = /.\.[\w*]+$|lock\*?$/i.test(name);
    return isFolder && isFile ? (resolveWorkdir(target, name) ?? target) : target;
  });
}

/** What a build makes of sources: at the place it names, or somewhere in the folder it runs in. */
function built(step: Step, placed: readonly Placed[], contents: StageContents): Placed[] {
  const inputs = [...inputsOf(step, contents), ...placed].map(({ volatility }) => volatility);
  const volatility = mostVolatile(inputs);
  if (!isMoreVolatile(volatility, 'dependency-change')) return [];
  const builds = step.commands.filter((command) => needOf(command)?.work === 'compile').slice(0, maxPlaced);
  return builds.flatMap((command) => outputsOf(command, step.workdir ?? '/')).map((path) => ({ path, volatility }));
}

function outputsOf({ words }: Command, workdir: string): string[] {
  const named = words.flatMap(({ text }, i) => {
    if (/^(-o|--output|--out|-d|--outdir|--target-dir)$/.test(text)) return words[i + 1]?.text ?? [];
    return /^(-o|--output|--out|--outdir|--target-dir)=(.+)$/.exec(text)?.[2] ?? [];
  });
  return [...named, '.'].flatMap((path) => resolveWorkdir(workdir, path) ?? []);
}

function fetchedNames({ steps }: Stage): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { copy, commands, instruction } of steps) {
    const sources = copy?.sources.filter(({ kind }) => kind !== 'path') ?? [];
    for (const { word } of sources) for (const name of variablesIn(word.raw)) names.add(name);
    const fetches = instruction.keyword === 'RUN' ? commands.filter(({ name }) => /^(git|curl|wget)$/.test(name)) : [];
    for (const { words } of fetches) {
      for (const { expansions } of words) for (const { name } of expansions) if (name !== undefined) names.add(name);
    }
  }
  return names;
}
