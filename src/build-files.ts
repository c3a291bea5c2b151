import { readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildContextOf } from './build-context.ts';
import { argumentValues, type Build } from './builds/build.ts';
import type { InlineText } from './builds/inline.ts';
import { readBuildFile } from './builds/read-build-file.ts';
import type { Discovery, FoundBuildFile } from './discover.ts';
import { DlintError } from './errors.ts';
import { readDockerfile } from './files.ts';
import type { AnalyzeOptions } from './lint/semantic.ts';
import type { Source } from './report/finding.ts';

/** What a Dockerfile is linted with for one build, beside its settings. */
export type BuildFacts = Pick<AnalyzeOptions, 'buildArgs' | 'contexts' | 'target' | 'context' | 'build'>;

/** A Dockerfile inside of a compose or bake file. */
export interface InlineDockerfile {
  readonly file: Source;
  /** `-` for standard input. */
  readonly path: string;
  readonly text: InlineText;
  readonly facts: BuildFacts;
}

/** What the compose and bake files of a run ask for. */
export interface BuildPlan {
  /** All Dockerfiles, those that were found without them first. */
  readonly files: readonly string[];
  readonly facts: ReadonlyMap<string, readonly BuildFacts[]>;
  readonly inline: readonly InlineDockerfile[];
  readonly errors: readonly { readonly path: string; readonly error: DlintError }[];
  readonly notes: readonly string[];
}

/** A Dockerfile is linted for so many builds at most. */
const maxBuilds = 50;

/**
 * A file that was named and is wrong is an error, and so is each build of it that is; of one that was met in a directory
 * a note says so, and its builds count as far as they are there.
 */
export function planBuilds(
  { files, buildFiles }: Discovery,
  stdinName: string,
  texts: ReadonlyMap<string, string> = new Map(),
): BuildPlan {
  const plan = new Plan(files, texts);
  for (const found of buildFiles) plan.add(found, stdinName);
  return plan.finish();
}

class Plan {
  readonly #found: ReadonlySet<string>;
  /** By what they really are: the path, and the builds. */
  readonly #files = new Map<string, { path: string; builds: { build: Build; isNamed: boolean }[] }>();
  readonly #inline: InlineDockerfile[] = [];
  readonly #errors: { path: string; error: DlintError }[] = [];
  readonly #notes: string[] = [];
  readonly #texts: ReadonlyMap<string, string>;

  constructor(files: readonly string[], texts: ReadonlyMap<string, string>) {
    this.#texts = texts;
    for (const path of files) this.#files.set(identify(path), { path, builds: [] });
    this.#found = new Set(this.#files.keys());
  }

  add({ path, isNamed }: FoundBuildFile, stdinName: string): void {
    if (!isNamed && !mayBuild(path)) return;
    const name = path === '-' ? stdinName : path;
    const text = path === '-' ? readDockerfile('-').text : this.#texts.get(path);
    const { builds, errors } = readBuildFile(name, text);
    if (isNamed) this.#errors.push(...errors.map((error) => ({ path: name, error })));
    else if (builds.length === 0 && errors[0]?.code === 'E_CONFIG' && !errors[0].message.startsWith('there is no')) {
      this.#notes.push(`${errors[0].where}: ${errors[0].message}: what it builds is not known`);
    }
    if (isNamed && builds.length + errors.length === 0) {
      const hint = 'services with a key build, or targets of a bake file';
      const error = new DlintError('E_NO_FILES', `${name} builds nothing`, { where: resolve(name), hint });
      this.#errors.push({ path: name, error });
    }
    for (const build of builds) this.#take(build, path, isNamed);
  }

  #take(build: Build, path: string, isNamed: boolean): void {
    const { dockerfile, file } = build;
    if (typeof dockerfile === 'string') {
      const identity = identify(dockerfile);
      const known = this.#files.get(identity) ?? { path: dockerfile, builds: [] };
      known.builds.push({ build, isNamed });
      this.#files.set(identity, known);
    } else {
      const context = build.context && contextOf(join(build.context, 'Dockerfile'), build, isNamed);
      const isKnown = this.#inline.some(
        ({ text, file: other }) => other.path === file.path && text.span.start === dockerfile.span.start,
      );
      // Behind an anchor the same text stands once, however many services have it.
      if (isKnown) return;
      this.#inline.push({ file, path, text: dockerfile, facts: { ...factsOf(build), ...(context && { context }) } });
    }
  }

  finish(): BuildPlan {
    const facts = new Map<string, readonly BuildFacts[]>();
    for (const [identity, { path, builds }] of this.#files) {
      if (builds.length === 0) continue;
      const distinct = new Map<string, BuildFacts>();
      for (const { build, isNamed } of builds) {
        const key = keyOf(build);
        if (distinct.has(key) || distinct.size >= maxBuilds) continue;
        const context = contextOf(path, build, isNamed);
        distinct.set(key, { ...factsOf(build), ...(context && { context }) });
      }
      const sets = [...distinct.values()];
      const isPartial = sets.every(({ target }) => target !== undefined);
      // What was found by itself is linted to its end, whatever a file next to it builds.
      if (this.#found.has(identity) && isPartial) sets.unshift(whole(sets[0] as BuildFacts));
      facts.set(path, sets);
    }
    return {
      files: [...this.#files.values()].map(({ path }) => path),
      facts,
      inline: this.#inline,
      errors: this.#errors,
      notes: this.#notes,
    };
  }
}

/** Most compose files build nothing: they need not be parsed. */
function mayBuild(path: string): boolean {
  try {
    return /\bbuild\b|"target"|^\s*"?target\b|\bextends\b|\binclude\b/m.test(readFileSync(path, 'utf8'));
  } catch {
    return false;
  }
}

function factsOf(build: Build): BuildFacts {
  const { request, contexts } = build;
  const { target } = request;
  return { buildArgs: argumentValues(build), contexts, build: request, ...(target && { target: target.text }) };
}

function whole({ target: _, build: __, ...facts }: BuildFacts): BuildFacts {
  return facts;
}

function contextOf(dockerfile: string, { context }: Build, isNamed: boolean): AnalyzeOptions['context'] {
  return context === undefined ? undefined : buildContextOf(dockerfile, context, isNamed);
}

/** Builds that differ in nothing that a rule could see are one. */
function keyOf({ request, context, contexts, platformArgs }: Build): string {
  const { target, args } = request;
  const places = [...(target ? [target] : []), ...args].map(({ source, span }) => [source.path, span.start]);
  const values = args.map(({ name, value }) => [name, value]);
  return JSON.stringify([context, [...contexts], target?.text, values, places, [...platformArgs]]);
}

function identify(path: string): string {
  try {
    return path === '-' ? '-' : realpathSync.native(path);
  } catch {
    return path;
  }
}
