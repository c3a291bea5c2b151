import type { Stage, Step } from '../semantic/model.ts';
import { resolveWorkdir } from '../semantic/paths.ts';
import { type Command, isStatic } from '../shell.ts';
import { type Change, changeOf, readsArgument } from './changes.ts';
import { broughtNames, isListed } from './manifests.ts';
import type { Need } from './needs/need.ts';
import { needOf } from './needs.ts';
import { preparesInstall, readsTree, runsFile } from './preparation.ts';
import { StageContents } from './stage-contents.ts';
import { isMoreVolatile } from './volatility.ts';

/** An install, a download or a build that fetches its dependencies, run again whenever something changes that these do not need. */
export interface LateInstall {
  readonly step: Step;
  readonly command: Command;
  readonly need: Need;
  /** The folder that it runs in; absent when a base image or a variable decides. */
  readonly folder?: string;
  /** What stands in front of it and changes more often than its needs, in the order of the file; all of one kind. */
  readonly behind: readonly Change[];
  /** It reads no file of the context, or those came with other copies. */
  readonly isProvided: boolean;
}

/** Installs behind something that changes with every edit or every build, in the order of the file. */
export function* lateInstalls(stages: readonly Stage[]): Generator<LateInstall> {
  const contents = new StageContents();
  const ends = new Map<Stage, StageWalk>();
  for (const stage of stages) {
    const walk = new StageWalk(contents, stage.base.kind === 'stage' ? ends.get(stage.base.stage) : undefined);
    for (const step of stage.steps) if (!step.deferred) yield* walk.pass(step);
    ends.set(stage, walk);
  }
}

/** Only so many changing steps of a stage are looked at, so that time stays linear. */
const maxChanges = 20;

/** And at so many names of files. */
const maxNames = 100;

/** A walk along a stage, which goes on where that of its base has ended. */
class StageWalk {
  readonly #contents: StageContents;
  readonly #changes: Change[];
  /** Copies whose files a script has used to prepare the system: what follows may need that. */
  readonly #prepared: Set<Step>;
  /** What has been copied one by one. */
  readonly #names: Set<string>;
  /** Installs that stand where they should, with their folders. */
  readonly #projects: Set<string>;
  /** Tools that have fetched what they need, in time or not: builds find it. */
  readonly #fetched: Set<string>;

  constructor(contents: StageContents, base: StageWalk | undefined) {
    this.#contents = contents;
    this.#changes = base ? [...base.#changes] : [];
    this.#prepared = new Set(base ? base.#prepared : []);
    this.#names = new Set(base ? base.#names : []);
    this.#projects = new Set(base ? base.#projects : []);
    this.#fetched = new Set(base ? base.#fetched : []);
  }

  *pass(step: Step): Generator<LateInstall> {
    const change = changeOf(step, this.#contents);
    if (step.instruction.keyword === 'RUN') {
      yield* this.#run(step, change ? [...this.#changes, change] : this.#changes);
    }
    // Files that come together with sources come too late themselves.
    for (const name of change ? [] : broughtNames(step)) if (this.#names.size < maxNames) this.#names.add(name);
    if (change && this.#changes.length < maxChanges) this.#changes.push(change);
  }

  *#run(step: Step, all: readonly Change[]): Generator<LateInstall> {
    const changes = readsArgument(step, all) ? all.filter(({ kind }) => kind !== 'argument') : all;
    let folder: string | undefined = step.workdir;
    let isPrepared = false;
    for (const command of step.commands) {
      if (command.name === 'cd') folder = folderAfter(folder, command);
      const need = needOf(command);
      if (need && (need.work !== 'compile' || need.fetch)) {
        const relevant = isPrepared ? changes.filter(({ kind }) => kind === 'argument') : changes;
        yield* this.#late(step, command, need, folder, relevant);
      }
      if (changes.length === 0) continue;
      isPrepared ||= readsTree(command, need);
      const isForAll = preparesInstall(command);
      for (const change of changes) if (isForAll || runsFile(command, change)) this.#prepared.add(change.step);
    }
  }

  *#late(
    step: Step,
    command: Command,
    need: Need,
    folder: string | undefined,
    changes: readonly Change[],
  ): Generator<LateInstall> {
    const place = need.folder === undefined ? folder : resolveWorkdir(folder, need.folder);
    const project =
      need.project === undefined ? undefined : `${need.project}\0${hasOneCache(need.project) ? '' : place}`;
    const isRepeated = project !== undefined && this.#projects.has(project);
    if (need.fetch) {
      if (this.#fetched.has(need.project ?? '') || this.#names.has('vendor')) return;
    } else if (need.project !== undefined) this.#fetched.add(need.project);
    // A build runs again with the sources it builds; what it fetches need not.
    const wanted = need.fetch ? 'dependency-change' : need.volatility;
    let isLate = false;
    for (const kind of ['copy', 'mount', 'argument'] as const) {
      const behind = changes.filter((change) => {
        if (change.kind !== kind || !isMoreVolatile(change.volatility, wanted)) return false;
        return kind === 'argument' || (!isRepeated && !this.#prepared.has(change.step));
      });
      if (behind.length === 0) continue;
      isLate ||= kind !== 'argument';
      const isProvided = isListed(need, [...this.#names, ...broughtNames(step)]);
      yield { step, command, need, behind, isProvided, ...(place === undefined ? {} : { folder: place }) };
    }
    if (project !== undefined && !isLate) this.#projects.add(project);
    // The next build finds what this one has fetched.
    if (need.fetch && need.project !== undefined) this.#fetched.add(need.project);
  }
}

/** Tools that keep what they have fetched for all projects: the next project finds most of it there. */
function hasOneCache(project: string): boolean {
  return /^(dotnet|go|mvn|gradle|cargo|sbt|lein|clojure|nimble|stack|cabal)$/.test(project);
}

function folderAfter(folder: string | undefined, { words }: Command): string | undefined {
  const target = words[1];
  return target && isStatic(target) && words.length === 2 ? resolveWorkdir(folder, target.text) : undefined;
}
