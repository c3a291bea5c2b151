import { copyFacts } from './semantic/copies.ts';
import { environmentOf, VariableHistory } from './semantic/environment.ts';
import { baseOf, type ImageNames, osOf, resolveFrom, resolveSource } from './semantic/images.ts';
import { FileFacts, StepFacts } from './semantic/lazy-facts.ts';
import type { BuildContext, ImageTarget, ImageUse, SemanticModel, Stage, Step, Variable } from './semantic/model.ts';
import { type Mount, parseMount } from './semantic/mounts.ts';
import { resolveWorkdir } from './semantic/paths.ts';
import { startAfter } from './semantic/start.ts';
import { expandedIn, expandIn, platformScope, type Scope, variable } from './semantic/variables.ts';
import { defaultShell, readScript, type Script, shellOf } from './shell.ts';
import { shellPragma } from './suppress.ts';
import type { Dockerfile, Flag, From, Instruction, Item, Pairs } from './syntax.ts';

export { type ImageReference, parseReference } from './semantic/image-reference.ts';
export type * from './semantic/model.ts';
export type { Mount, MountField } from './semantic/mounts.ts';

export interface AnalyzeOptions {
  /** `--build-arg NAME=value`. */
  readonly buildArgs?: ReadonlyMap<string, string>;
  /** Names of `--build-context`. */
  readonly contexts?: ReadonlySet<string>;
  /** The stage that is built: a name or a number. The last one when absent or not found. */
  readonly target?: string;
  readonly context?: BuildContext;
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };
type StageDraft = Draft<Omit<Stage, 'steps' | 'dependsOn'>> & { steps: Step[]; dependsOn: Stage[] };

/** What a stage is made with, and nobody needs afterwards. */
interface Working {
  readonly variables: VariableHistory;
  /** A base image may bring in variables that this file does not show. */
  readonly isOpen: boolean;
  readonly uses: Set<Stage>;
}

/** The semantic model of a file, by the rules of BuildKit's `dockerfile2llb`. Never throws, whatever the tree. */
export function analyze(dockerfile: Dockerfile, options: AnalyzeOptions = {}): SemanticModel {
  return new Analysis(dockerfile, options).run();
}

class Analysis {
  readonly #dockerfile: Dockerfile;
  readonly #options: AnalyzeOptions;
  readonly #buildArgs: ReadonlyMap<string, string>;
  readonly #stages: StageDraft[] = [];
  readonly #working: Working[] = [];
  readonly #byName = new Map<string, Stage>();
  readonly #images: ImageUse[] = [];
  readonly #preamble: Instruction[] = [];
  readonly #globals: Map<string, Variable>;

  constructor(dockerfile: Dockerfile, options: AnalyzeOptions) {
    this.#dockerfile = dockerfile;
    this.#options = options;
    this.#buildArgs = options.buildArgs ?? new Map();
    this.#globals = platformScope(this.#buildArgs);
  }

  run(): SemanticModel {
    const bodies = this.#split();
    this.#stages.forEach((stage, i) => {
      this.#enter(stage);
      for (const item of bodies[i] ?? []) this.#item(stage, item);
    });
    const finalStage = this.#finalStage();
    if (finalStage) {
      markReachable(finalStage);
      markShipped(finalStage);
    }
    return this.#model(finalStage);
  }

  #model(finalStage: Stage | undefined): SemanticModel {
    const { context } = this.#options;
    return new FileFacts({
      dockerfile: this.#dockerfile,
      stages: this.#stages,
      finalStage,
      globalArgs: environmentOf(this.#globals),
      preamble: this.#preamble,
      images: this.#images,
      ...(context ? { context } : {}),
    });
  }

  /** Finds the stages; what stands before the first one is the preamble. A `shell=` pragma above FROM is the stage's. */
  #split(): Item[][] {
    const bodies: Item[][] = [];
    let pending: Item[] = [];
    for (const item of this.#dockerfile.items) {
      if (item.kind === 'instruction' && item.keyword === 'FROM') {
        this.#addStage(item);
        bodies.push(pending);
        pending = [];
        continue;
      }
      if (item.kind === 'comment') pending.push(item);
      if (item.kind !== 'instruction') {
        if (item.kind === 'comment') bodies.at(-1)?.push(item);
        continue;
      }
      pending = [];
      const body = bodies.at(-1);
      if (body) body.push(item);
      else this.#addPreamble(item);
    }
    return bodies;
  }

  #addPreamble(instruction: Instruction): void {
    this.#preamble.push(instruction);
    if (instruction.keyword !== 'ARG') return;
    const scope: Scope = { env: environmentOf(this.#globals), isOpen: false, escape: this.#dockerfile.escape };
    for (const pair of instruction.pairs) {
      const name = pair.key.text;
      const given = this.#buildArgs.get(name);
      const value = given ?? (pair.value && expandIn(scope, pair.value.raw).text);
      this.#globals.set(name, variable('arg', name, value ?? this.#globals.get(name)?.value, pair));
    }
  }

  #addStage(from: From): void {
    const dockerfile = this.#dockerfile;
    const scope: Scope = { env: environmentOf(this.#globals), isOpen: false, escape: dockerfile.escape };
    const expanded = from.image && expandIn(scope, from.image.raw).text;
    const target = from.image ? resolveFrom(expanded, this.#names()) : { kind: 'invalid' as const };
    const base = baseOf(target);
    const platform = from.flags.find((flag) => flag.name === 'platform')?.value;
    const os = osOf(base, platform === undefined ? undefined : expandIn(scope, platform).text, dockerfile.escape);
    const stage: StageDraft = {
      index: this.#stages.length,
      from,
      base,
      root: base.kind === 'stage' ? base.stage.root : base,
      os,
      steps: [],
      isFinal: false,
      isReachable: false,
      isShipped: false,
      dependsOn: base.kind === 'stage' ? [base.stage] : [],
      env: environmentOf(new Map()),
      shell: defaultShell(os === 'windows'),
      start: {},
    };
    if (from.name) stage.name = from.name.text.toLowerCase();
    this.#stages.push(stage);
    if (stage.name !== undefined) this.#byName.set(stage.name, stage);
    if (!from.image) return;
    const { span, text } = from.image;
    this.#images.push({ span, use: 'from', stage, text, target, ...(expanded === undefined ? {} : { expanded }) });
  }

  #names(): ImageNames {
    return { stages: this.#stages, byName: this.#byName, contexts: this.#options.contexts ?? new Set() };
  }

  /** What a stage gets from its base: ENV and ARG, USER, WORKDIR, SHELL and what starts. */
  #enter(stage: StageDraft): void {
    const base = stage.base.kind === 'stage' ? stage.base.stage : undefined;
    const isOpen = base ? this.#working[base.index]?.isOpen === true : stage.base.kind !== 'scratch';
    const variables = new VariableHistory(base?.env);
    this.#working.push({ variables, isOpen, uses: new Set(stage.dependsOn) });
    stage.env = variables.now();
    if (!base) return;
    const { user, workdir, shell } = base;
    if (user !== undefined) stage.user = user;
    if (workdir !== undefined) stage.workdir = workdir;
    stage.shell = shell;
    stage.start = base.start;
  }

  #item(stage: StageDraft, item: Item): void {
    if (item.kind === 'instruction') this.#step(stage, item);
    else {
      const shell = shellPragma(this.#dockerfile.source.text.slice(item.span.start, item.span.end));
      if (shell !== undefined) stage.shell = shellOf([shell], true);
    }
  }

  #step(stage: StageDraft, outer: Instruction): void {
    const onbuild = outer.keyword === 'ONBUILD' ? outer : undefined;
    const instruction = onbuild?.instruction ?? outer;
    const expand = this.#expander(stage);
    const { env, user, workdir, shell } = stage;
    const scope = this.#scope(stage);
    const facts = {
      stage,
      index: stage.steps.length,
      instruction,
      deferred: onbuild !== undefined,
      env,
      shell,
      mounts: mountsOf(instruction, expand),
      expand: (raw: string) => expandedIn(scope, raw),
    };
    const step = new StepFacts(facts, () => this.#script(instruction, shell));
    if (onbuild) step.onbuild = onbuild;
    if (user !== undefined) step.user = user;
    if (workdir !== undefined) step.workdir = workdir;
    this.#sources(stage, step, expand);
    stage.steps.push(step);
    if (onbuild) return;
    stage.start = startAfter(stage.start, step);
    this.#effect(stage, instruction, expand);
  }

  #script(instruction: Instruction, shell: Stage['shell']): Script | undefined {
    switch (instruction.keyword) {
      case 'RUN':
      case 'CMD':
      case 'ENTRYPOINT':
      case 'HEALTHCHECK':
        return readScript(instruction, this.#dockerfile.source, shell);
      default:
        return undefined;
    }
  }

  #expander(stage: Stage): (raw: string) => string | undefined {
    const scope = this.#scope(stage);
    return (raw) => expandIn(scope, raw).text;
  }

  #scope(stage: Stage): Scope {
    const isOpen = this.#working[stage.index]?.isOpen ?? true;
    return { env: stage.env, isOpen, escape: this.#dockerfile.escape };
  }

  /** Images and stages that COPY --from and RUN --mount=from= name. */
  #sources(stage: StageDraft, step: StepFacts, expand: (raw: string) => string | undefined): void {
    const { instruction } = step;
    if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') {
      const flag = instruction.flags.find(({ name, value }) => name === 'from' && value !== undefined);
      const from = flag
        ? this.#use(stage, step, 'copy', flag.value ?? '', flag.valueSpan ?? flag.span, expand)
        : undefined;
      step.copy = copyFacts(instruction, from ?? { kind: 'context' }, expand);
    }
    for (const { fields } of step.mounts) {
      const field = fields.findLast(({ key, value }) => key === 'from' && value !== undefined);
      if (field) this.#use(stage, step, 'mount', field.value ?? '', field.valueSpan, expand);
    }
  }

  #use(
    stage: StageDraft,
    step: Step,
    use: 'copy' | 'mount',
    text: string,
    span: Flag['span'],
    expand: (raw: string) => string | undefined,
  ): ImageTarget {
    const expanded = expand(text);
    const target = resolveSource(expanded, this.#names());
    const uses = this.#working[stage.index]?.uses;
    if (target.kind === 'stage' && !uses?.has(target.stage)) {
      uses?.add(target.stage);
      stage.dependsOn.push(target.stage);
    }
    this.#images.push({ span, use, stage, step, text, target, ...(expanded === undefined ? {} : { expanded }) });
    return target;
  }

  /** What an instruction changes for those after it. */
  #effect(stage: StageDraft, instruction: Instruction, expand: (raw: string) => string | undefined): void {
    switch (instruction.keyword) {
      case 'ENV':
        this.#setEnv(stage, instruction, expand);
        return;
      case 'ARG':
        this.#setArgs(stage, instruction);
        return;
      case 'USER': {
        const word = instruction.words[0];
        if (word) stage.user = expand(word.raw) ?? word.text;
        return;
      }
      case 'WORKDIR': {
        const path = instruction.words[0] && expand(instruction.words[0].raw);
        const workdir = path === undefined ? undefined : resolveWorkdir(stage.workdir, path);
        if (workdir === undefined) delete stage.workdir;
        else stage.workdir = workdir;
        return;
      }
      case 'SHELL':
        if (instruction.words.length > 0)
          stage.shell = shellOf(
            instruction.words.map(({ text }) => text),
            true,
          );
        return;
    }
  }

  #setEnv(stage: StageDraft, { pairs }: Pairs, expand: (raw: string) => string | undefined): void {
    const variables = this.#working[stage.index]?.variables;
    // All values see the variables before the instruction (Dockerfile reference, "Environment replacement").
    for (const pair of pairs) {
      variables?.set(variable('env', pair.key.text, expand(pair.value?.raw ?? ''), pair));
    }
    stage.env = variables?.now() ?? stage.env;
  }

  #setArgs(stage: StageDraft, { pairs }: Pairs): void {
    const variables = this.#working[stage.index]?.variables;
    for (const pair of pairs) {
      const name = pair.key.text;
      if (stage.env.get(name)?.kind === 'env') continue;
      const fallback = pair.value
        ? expandIn(this.#scope(stage), pair.value.raw).text
        : // Without a value of any kind, ARG leaves the one that an earlier stage has set.
          (this.#globals.get(name)?.value ?? stage.env.get(name)?.value);
      variables?.set(variable('arg', name, this.#buildArgs.get(name) ?? fallback, pair));
      stage.env = variables?.now() ?? stage.env;
    }
  }

  #finalStage(): Stage | undefined {
    const { target } = this.#options;
    const named = target === undefined ? undefined : this.#stages.find(({ name }) => name === target.toLowerCase());
    const numbered = target !== undefined && /^\d{1,9}$/.test(target) ? this.#stages[Number(target)] : undefined;
    const stage = named ?? numbered ?? this.#stages.at(-1);
    if (stage) stage.isFinal = true;
    return stage;
  }
}

function mountsOf(instruction: Instruction, expand: (raw: string) => string | undefined): readonly Mount[] {
  if (instruction.keyword !== 'RUN' || instruction.flags.length === 0) return noMounts;
  return instruction.flags.filter(({ name }) => name === 'mount').map((flag) => parseMount(flag, expand));
}

const noMounts: readonly Mount[] = [];

function markReachable(final: Stage): void {
  const open: Stage[] = [final];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    if (stage.isReachable) continue;
    (stage as Draft<Stage>).isReachable = true;
    open.push(...stage.dependsOn);
  }
}

function markShipped(final: Stage): void {
  for (let stage: Stage | undefined = final; stage; ) {
    (stage as Draft<Stage>).isShipped = true;
    stage = stage.base.kind === 'stage' ? stage.base.stage : undefined;
  }
}
