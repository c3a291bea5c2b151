import type { Source, Span } from '../../report/finding.ts';
import type { ContextWeight, FolderMark } from '../context-weight.ts';
import type { LateInstall } from '../cost/late-installs.ts';
import type { Command, Script, Shell } from '../shell.ts';
import type { Dockerfile, From, Heredoc, Instruction, Onbuild, Pair, Word } from '../syntax.ts';
import type { ImageReference } from './image-reference.ts';
import type { Mount } from './mounts.ts';

/** What a builder would make of a Dockerfile: made once, read by every rule, never changed. */
export interface SemanticModel {
  readonly dockerfile: Dockerfile;
  readonly stages: readonly Stage[];
  /** The stage that is built when nothing else is asked for: the last one, or the target given. */
  readonly finalStage: Stage | undefined;
  /** Steps of all stages, in the order of the file. */
  readonly steps: readonly Step[];
  /** ARGs before the first FROM. */
  readonly globalArgs: Environment;
  /** Instructions before the first FROM. */
  readonly preamble: readonly Instruction[];
  /** Everything that FROM, COPY --from and RUN --mount=from= refer to. */
  readonly images: readonly ImageUse[];
  /** What RUN executes, also behind ONBUILD; not CMD, ENTRYPOINT and HEALTHCHECK (see `Step.script`). */
  readonly commands: readonly StepCommand[];
  /** `commands`, and the plain command lines of PowerShell and cmd: for what is the same in every shell. */
  readonly allCommands: readonly StepCommand[];
  /** Layer order: installs, downloads and fetching builds behind something that changes more often than their needs. */
  readonly lateInstalls: readonly LateInstall[];
  /** The files that are sent to the build, when they are known. */
  readonly context?: BuildContext;
  /** What a compose or bake file asks for, when the file is linted for it. */
  readonly build?: BuildRequest;
}

/** A service of a compose file, or a target of a bake file, that builds a Dockerfile. */
export interface BuildRequest {
  readonly name: string;
  readonly target?: { readonly text: string } & BuildPlace;
  readonly args: readonly BuildArgument[];
}

export interface BuildArgument extends BuildPlace {
  readonly name: string;
  /** Absent when it comes from an environment that is not known. */
  readonly value?: string;
  /** Several builds inherit it: it need not be meant for each of them. */
  readonly isShared?: boolean;
}

/** A place in a compose or bake file. */
export interface BuildPlace {
  readonly source: Source;
  readonly span: Span;
}

export interface StepCommand {
  readonly command: Command;
  readonly step: Step;
}

export interface Stage {
  readonly index: number;
  /** Lower case, as BuildKit compares it. */
  readonly name?: string;
  readonly from: From;
  readonly base: StageBase;
  /** What it is built on in the end: the base of the first of the stages it starts from. */
  readonly root: StageBase;
  readonly os: 'linux' | 'windows';
  /** FROM --platform, variables filled in; absent without one, and where it cannot be known. */
  readonly platform?: string;
  readonly steps: readonly Step[];
  readonly isFinal: boolean;
  /** The final stage is built from it, directly or not. */
  readonly isReachable: boolean;
  /** Its layers are in the final image: the final stage and the stages it starts from. Others are thrown away. */
  readonly isShipped: boolean;
  /** Stages it is built from: its base, COPY --from, RUN --mount=from=. */
  readonly dependsOn: readonly Stage[];
  /** After its last step. */
  readonly env: Environment;
  readonly user?: string;
  readonly workdir?: string;
  readonly shell: Shell;
  readonly start: Start;
}

/** What a container starts: the instructions in force, inherited ones included. */
export interface Start {
  readonly CMD?: Step;
  readonly ENTRYPOINT?: Step;
  readonly HEALTHCHECK?: Step;
}

export type StageBase =
  | { readonly kind: 'stage'; readonly stage: Stage }
  | { readonly kind: 'image'; readonly image: ImageReference; readonly facts?: BaseImage }
  | { readonly kind: 'scratch' }
  /** A named context (`--build-context`), or a reference that cannot be known or is none. */
  | { readonly kind: 'unknown' };

/** What a registry says of the image that a stage starts from; known only where it was asked for (`--resolve`). */
export interface BaseImage {
  readonly env: ReadonlyMap<string, string>;
  /** As its USER was written; empty for root. */
  readonly user: string;
  readonly workdir?: string;
  readonly shell?: readonly string[];
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
}

/** One instruction of a stage, with what is in force when it runs. */
export interface Step {
  readonly stage: Stage;
  /** Index in `stage.steps`. */
  readonly index: number;
  /** For ONBUILD, the instruction behind it. */
  readonly instruction: Instruction;
  /** The ONBUILD around `instruction`: it runs when another build starts from this image. */
  readonly onbuild?: Onbuild;
  readonly deferred: boolean;
  /** Variables before this step. */
  readonly env: Environment;
  /** As USER has it, variables filled in. Absent: what the base image says. */
  readonly user?: string;
  /** Absolute where it can be known. Absent: what the base image says. */
  readonly workdir?: string;
  readonly shell: Shell;
  /** RUN --mount. */
  readonly mounts: readonly Mount[];
  /** What RUN, CMD, ENTRYPOINT and HEALTHCHECK execute; read on first use. */
  readonly script: Script | undefined;
  /** The commands of `script`; empty for other instructions. */
  readonly commands: readonly Command[];
  /** What COPY and ADD bring in. */
  readonly copy?: CopyFacts;
  /** Fills in the variables of a word of this step (its `raw`), by the rules of the builder. */
  expand(raw: string): Expanded;
}

export interface Expanded {
  /** Without quotes and escapes. Absent when it depends on a variable that cannot be known, or cannot be expanded. */
  readonly text?: string;
  /** Names of which this file knows no value: declared without one, set by the base image perhaps, or not at all. */
  readonly unmatched: readonly string[];
}

/** Variables by name. */
export interface Environment {
  get(name: string): Variable | undefined;
  has(name: string): boolean;
  names(): ReadonlySet<string>;
}

export interface Variable {
  readonly name: string;
  /** ENV beats ARG; `platform` ones are set by the builder (TARGETARCH, …). */
  readonly kind: 'arg' | 'env' | 'platform';
  /** Absent when it cannot be known: `ARG x` without a default, or a value made of such. */
  readonly value?: string;
  /** Where it is defined in this file. */
  readonly pair?: Pair;
}

export interface ImageUse {
  /** What refers to it: the image word, or the flag's value. */
  readonly span: Span;
  readonly use: 'from' | 'copy' | 'mount';
  readonly stage: Stage;
  /** Absent for FROM. */
  readonly step?: Step;
  /** As written. */
  readonly text: string;
  /** With variables filled in; absent when they cannot be known. */
  readonly expanded?: string;
  readonly target: ImageTarget;
}

export type ImageTarget =
  | { readonly kind: 'stage'; readonly stage: Stage }
  | { readonly kind: 'image'; readonly image: ImageReference }
  | { readonly kind: 'scratch' }
  /** `--build-context NAME=…`, as told by the options of `analyze`. */
  | { readonly kind: 'context'; readonly name: string }
  /** Depends on a variable that cannot be known. */
  | { readonly kind: 'unknown' }
  /** No stage, no context and no reference: a number too large, upper case, …. */
  | { readonly kind: 'invalid' };

export interface CopyFacts {
  readonly from: { readonly kind: 'context' } | ImageTarget;
  readonly sources: readonly CopySource[];
  readonly target?: Word;
  /** With variables filled in. */
  readonly targetPath?: string;
}

export interface CopySource {
  readonly word: Word;
  readonly kind: 'path' | 'url' | 'git' | 'heredoc';
  /** With variables filled in; absent when they cannot be known. */
  readonly path?: string;
  readonly heredoc?: Heredoc;
}

/** What of the build context is known. All paths are relative to its root, with `/`. */
export interface BuildContext {
  readonly path: string;
  /** The `.dockerignore` in force. */
  readonly ignoreFile?: Source;
  /** The user has named it. Otherwise it is the folder of the Dockerfile, which looks like one. */
  readonly isGiven?: boolean;
  /** Whether a file or folder exists. */
  has?(path: string): boolean;
  /** Names in a folder; undefined when there is no such folder. */
  list?(folder: string): readonly string[] | undefined;
  /** What a COPY of a folder sends to the builder, and how much of that is in folders which `isMarked` chooses. */
  weigh?(folder: string, isMarked: FolderMark): ContextWeight;
}
