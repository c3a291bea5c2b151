import { divide } from './semantic/bodies.ts';
import { copyFacts } from './semantic/copies.ts';
import type { StageDraft, Working } from './semantic/draft.ts';
import { applyEffect } from './semantic/effects.ts';
import { environmentOf, VariableHistory } from './semantic/environment.ts';
import { baseOf, familiarName, type ImageNames, osOf, resolveFrom, resolveSource } from './semantic/images.ts';
import { FileFacts, StepFacts } from './semantic/lazy-facts.ts';
import type {
  BaseImage,
  BuildContext,
  BuildRequest,
  ImageTarget,
  ImageUse,
  SemanticModel,
  Stage,
  Step,
  Variable,
} from './semantic/model.ts';
import { type Mount, parseMount } from './semantic/mounts.ts';
import { markFinal, targetStage } from './semantic/reach.ts';
import { startAfter } from './semantic/start.ts';
import { expandedIn, expandIn, platformScope, type Scope, variable } from './semantic/variables.ts';
import { defaultShell, readScript, type Script, shellOf } from './shell.ts';
import { shellPragma } from './suppress.ts';
import type { Dockerfile, Flag, From, Instruction, Item } from './syntax.ts';

export { parseReference } from './semantic/image-reference.ts';
export type * from './semantic/model.ts';

export interface AnalyzeOptions {
  /** `--build-arg NAME=value`. */
  readonly buildArgs?: ReadonlyMap<string, string>;
  /** Names of `--build-context`. */
  readonly contexts?: ReadonlySet<string>;
  /** The stage that is built: a name or a number. The last one when absent or not found. */
  readonly target?: string;
  readonly context?: BuildContext;
  readonly build?: BuildRequest;
  /** Of images that stages start from, as `baseImageKey` names them. */
  readonly baseImages?: ReadonlyMap<string, BaseImage>;
}

/** By what `baseImages` is looked up: the reference and the `--platform` of a FROM, variables filled in. */
export function baseImageKey(reference: string, platform: string | undefined): string {
  return `${platform ?? ''} ${reference}`;
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
  readonly #globals: Map<string, Variable>;
  readonly #contexts: ReadonlySet<string>;

  constructor(dockerfile: Dockerfile, options: AnalyzeOptions) {
    this.#dockerfile = dockerfile;
    this.#options = options;
    this.#buildArgs = options.buildArgs ?? new Map();
    this.#globals = platformScope(this.#buildArgs);
    this.#contexts = new Set([...(options.contexts ?? [])].map(familiarName));
  }

  run(): SemanticModel {
    const { preamble, bodies } = divide(this.#dockerfile);
    for (const instruction of preamble) this.#addPreamble(instruction);
    for (const { from } of bodies) this.#addStage(from);
    this.#stages.forEach((stage, i) => {
      this.#enter(stage);
      for (const item of bodies[i]?.items ?? []) this.#item(stage, item);
    });
    const finalStage = targetStage(this.#stages, this.#options.target);
    if (finalStage) markFinal(finalStage);
    return this.#model(finalStage, preamble);
  }

  #model(finalStage: Stage | undefined, preamble: readonly Instruction[]): SemanticModel {
    const { context, build } = this.#options;
    return new FileFacts({
      dockerfile: this.#dockerfile,
      stages: this.#stages,
      finalStage,
      globalArgs: environmentOf(this.#globals),
      preamble,
      images: this.#images,
      ...(context ? { context } : {}),
      ...(build ? { build } : {}),
    });
  }

  #addPreamble(instruction: Instruction): void {
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
    const flag = from.flags.find(({ name }) => name === 'platform')?.value;
    const platform = flag === undefined ? undefined : expandIn(scope, flag).text;
    const facts = this.#options.baseImages?.get(baseImageKey(expanded ?? '', platform));
    const found = baseOf(target);
    const base = found.kind === 'image' && facts ? { ...found, facts } : found;
    const os = osOf(base, platform, dockerfile.escape);
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
    if (platform !== undefined) stage.platform = platform;
    if (stage.name !== undefined) this.#byName.set(stage.name, stage);
    if (!from.image) return;
    const { span, text } = from.image;
    this.#images.push({ span, use: 'from', stage, text, target, ...(expanded === undefined ? {} : { expanded }) });
  }

  #names(): ImageNames {
    return { stages: this.#stages, byName: this.#byName, contexts: this.#contexts };
  }

  /** What a stage gets from its base: ENV and ARG, USER, WORKDIR, SHELL and what starts. */
  #enter(stage: StageDraft): void {
    const base = stage.base.kind === 'stage' ? stage.base.stage : undefined;
    const facts = stage.base.kind === 'image' ? stage.base.facts : undefined;
    const isShown = stage.base.kind === 'scratch' || facts !== undefined;
    const isOpen = base ? this.#working[base.index]?.isOpen === true : !isShown;
    const variables = new VariableHistory(base?.env);
    for (const [name, value] of facts?.env ?? []) variables.set(variable('env', name, value));
    this.#working.push({ variables, isOpen, uses: new Set(stage.dependsOn) });
    stage.env = variables.now();
    if (facts) enterImage(stage, facts);
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
    this.#apply(stage, instruction);
  }

  #apply(stage: StageDraft, instruction: Instruction): void {
    const variables = this.#working[stage.index]?.variables;
    if (!variables) return;
    const expand = (raw: string): string | undefined => expandIn(this.#scope(stage), raw).text;
    applyEffect(instruction, { stage, variables, globals: this.#globals, buildArgs: this.#buildArgs, expand });
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
}

/** What is empty in an image's config is as if nobody had said it. */
function enterImage(stage: StageDraft, { user, workdir, shell }: BaseImage): void {
  if (user !== '') stage.user = user;
  if (workdir) stage.workdir = workdir;
  if (shell && shell.length > 0) stage.shell = shellOf(shell, true);
}

function mountsOf(instruction: Instruction, expand: (raw: string) => string | undefined): readonly Mount[] {
  if (instruction.keyword !== 'RUN' || instruction.flags.length === 0) return noMounts;
  return instruction.flags.filter(({ name }) => name === 'mount').map((flag) => parseMount(flag, expand));
}

const noMounts: readonly Mount[] = [];
