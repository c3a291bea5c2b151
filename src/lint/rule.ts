/**
 * The one module that rules import, ours and everybody's: published as `dlint/rule`.
 * How to write a rule: docs/writing-rules.md.
 */
import type { Category, Edit, Severity, Source, Span } from '../report/finding.ts';
import type { OptionsOf, OptionTable } from './schema.ts';
import type { BaseImage, SemanticModel } from './semantic/model.ts';
import type { Suppression } from './suppress.ts';

export type { Category, Edit, Severity, Source, Span } from '../report/finding.ts';
export { lineStarts, type Position, positionAt } from '../report/position.ts';
export { isKeyName, isOpenValue, isSecretName } from '../report/secret-names.ts';
export { entropy, type FoundSecret, findSecrets, isMadeUp } from '../report/secrets.ts';
export { byteSize, counted } from '../report/units.ts';
export { closest } from './closest.ts';
export { isNear, spanIn, type WebAddress, webAddress } from './commands/addresses.ts';
export { isAnswered, mayHoldOptions } from './commands/answers.ts';
export { apk, apkPackages } from './commands/apk.ts';
export { aptGet, aptPackages, aptSetting, plainAptCalls } from './commands/apt.ts';
export {
  type Arguments,
  addWord,
  type CommandOption,
  flag,
  type Invocation,
  option,
  readArguments,
  type ToolSyntax,
} from './commands/arguments.ts';
export { type ToolCache, toolCache } from './commands/caches.ts';
export { appendCleanup } from './commands/cleanup.ts';
export { type Download, download } from './commands/downloads.ts';
export { entrypointOf, execForm, execWords, isBuiltin } from './commands/exec-form.ts';
export { type FileMode, fileMode } from './commands/file-mode.ts';
export { cleansUp, isMounted, isRemovedAfter, removes } from './commands/files.ts';
export { type PackageInstall, packageInstall } from './commands/installs.ts';
export {
  bundle,
  cargo,
  cargoPackages,
  composer,
  composerPackages,
  conda,
  condaPackages,
  gem,
  gemPackages,
  go,
  goPackages,
  poetry,
} from './commands/languages.ts';
export { type CachingTool, type LeftCache, leftCaches } from './commands/left-caches.ts';
export { bun, isMistakenCi, isOpenNpm, npm, npmPackage, npmPackages, pnpm, yarn } from './commands/node.ts';
export { isOpaque } from './commands/opaque.ts';
export type { PackageWord } from './commands/packages.ts';
export { pip, pipInstall, pipPackages, uv } from './commands/pip.ts';
export { type ExposedPort, exposedPorts } from './commands/ports.ts';
export { pdm, pipenv, pipx } from './commands/python-tools.ts';
export { removeWords } from './commands/remove-word.ts';
export {
  askingRpmCalls,
  dnf,
  isOpenRpm,
  isRpmInstall,
  keepsRpmOut,
  rpmCaches,
  rpmInstall,
  rpmPackages,
  yum,
  zypper,
  zypperPackages,
} from './commands/rpm.ts';
export { type PackageRun, packageRun } from './commands/runners.ts';
export { isSetBy, type Setting } from './commands/settings.ts';
export { fillIn, fillInAll, hasNoVersion, type Unpinned, unpinned } from './commands/unpinned.ts';
export { verifiedSteps, verifies, verifiesOnWindows } from './commands/verification.ts';
export { type WebRequest, webRequest } from './commands/web-request.ts';
export type { ContextWeight, FolderMark, FolderWeight, Weight } from './context-weight.ts';
export {
  areApart,
  type Change,
  type Cost,
  commandTitle,
  type Fetch,
  type Input,
  isMoreVolatile,
  type LateGroup,
  type LateInstall,
  type LayerFacts,
  lateGroups,
  layerFacts,
  listing,
  type ManifestCopy,
  manifestCopies,
  moveArgument,
  type Need,
  needOf,
  plainName,
  proposal,
  type Reordering,
  reorder,
  type Volatility,
} from './cost.ts';
export { type DockerIgnore, readDockerIgnore } from './dockerignore.ts';
export { type Expansion, expandWord } from './expand.ts';
export { insertInstruction } from './insert-instruction.ts';
export { isLicenseExpression, licenseIdLike } from './license-expression.ts';
export { quoted } from './message.ts';
export { moveBehind } from './move-instruction.ts';
export { ignoreLine, isNeedlessFolder } from './needless-folders.ts';
export { removePair } from './remove-pair.ts';
export {
  choiceOption,
  flagOption,
  integerOption,
  type Option,
  type OptionsOf,
  type OptionTable,
  recordOption,
  stringOption,
  stringsOption,
} from './schema.ts';
export { type Assigned, assignedBy, assignedVariables } from './semantic/assignments.ts';
export { sinceStep } from './semantic/history.ts';
export { type ImageReference, parseReference } from './semantic/image-reference.ts';
export { isLabelAmong, type Label, labels, unfitLabels } from './semantic/labels.ts';
export type * from './semantic/model.ts';
export type { Mount, MountField } from './semantic/mounts.ts';
export { officialImages } from './semantic/official-images.ts';
export { resolveWorkdir } from './semantic/paths.ts';
export { isForDevelopment } from './semantic/purpose.ts';
export { expandedWords, plainReferences } from './semantic/references.ts';
export { type System, systemOf } from './semantic/system.ts';
export { dropsRoot, isRootUser, type StageUser, startsAsRoot, userOf } from './semantic/user.ts';
export { platformArgs, predefinedArgs } from './semantic/variables.ts';
export { type Bashism, type BashismKind, bashisms } from './shell/bashisms.ts';
export { statusCounts } from './shell/status.ts';
export * from './shell.ts';
export * from './spans.ts';
export { supersededProblems } from './superseded.ts';
export type { Suppression } from './suppress.ts';
export type {
  Copy,
  Dockerfile,
  Flag,
  Folded,
  From,
  Heredoc,
  Instruction,
  Item,
  Keyword,
  Onbuild,
  Pair,
  Pairs,
  Plain,
  Run,
  SyntaxProblem,
  Word,
} from './syntax.ts';

/** `recommended` is the default. `hadolint` and `buildkit` are what these tools report, as they report it. */
export type Preset = 'recommended' | 'strict' | 'hadolint' | 'buildkit' | 'all';

export interface Rule<T extends OptionTable = OptionTable> {
  /** Kebab-case; names the smell, so that `dlint-ignore pip-cache` reads well. A plugin's rule: `acme/no-root`. */
  readonly id: string;
  /** The same check elsewhere (`DL3042`, `JSONArgsRecommended`): valid in configuration and comments. */
  readonly aliases?: readonly string[];
  readonly category: Category;
  /**
   * Lower-case words of which at least one stands, in whatever case and even inside another word, in every file that the
   * rule can find something in: the tool or the instruction that it is about. Other files are spared the check.
   */
  readonly mentions?: readonly string[];
  /** In the recommended preset. */
  readonly severity: Severity | 'off';
  /** Where other presets differ: `strict` starts from `severity`, `hadolint` and `buildkit` start from off. */
  readonly presets?: Partial<Record<Exclude<Preset, 'recommended' | 'all'>, Severity | 'off'>>;
  /** One line, without a full stop: what is wrong. */
  readonly summary: string;
  /** The harm, in two to four sentences. */
  readonly why: string;
  readonly options?: T;
  /** Values that a preset gives to options, instead of the defaults; what the user says goes before both. */
  readonly presetOptions?: { readonly [P in Preset]?: Partial<OptionsOf<T>> };
  readonly examples: readonly Example[];
  /** Where the rule means to judge otherwise than the tools whose codes it bears. */
  readonly deviations?: readonly Deviation[];
  check(model: SemanticModel, options: OptionsOf<T>): Iterable<Problem>;
  /** Runs after all checks, for rules about the suppressions themselves. */
  review?(outcome: Outcome, options: OptionsOf<T>): Iterable<Problem>;
}

/**
 * Documentation and test in one. `«…»` marks what a finding underlines; marks may stand next to each other.
 * `bad` with `good`: the fix (unsafe ones included) turns the first into the second, if the rule has a fix.
 * `good` alone must be clean.
 */
export interface Example {
  readonly bad?: string;
  readonly good?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Why it is as it is, when that is not plain. */
  readonly note?: string;
  /** The text matters as such (its case, comments, line ends, stage numbers): not tried under rewrites. */
  readonly exact?: boolean;
  /**
   * False: `good` is how a person would mend `bad`, not what the fix makes of it. True: there must be a fix. Without
   * it there must be one if any other example of the rule has one.
   */
  readonly fixed?: boolean;
  /** Each of these stands in what a finding of `bad` says, `message: help`. */
  readonly says?: readonly string[];
  /**
   * The build context, for rules that need one: its files, in MB each, and the text of `.dockerignore`. `isGiven`: the
   * user has named it.
   */
  readonly context?: {
    readonly files?: Readonly<Record<string, number>>;
    readonly ignore?: string;
    readonly isGiven?: boolean;
  };
  /** The build that a compose file asks for: lines of `target: NAME` and `NAME: VALUE` for arguments, with marks. */
  readonly build?: string;
  /** What registries say of the images that stages start from, by reference. */
  readonly images?: Readonly<
    Record<string, Partial<Omit<BaseImage, 'env'>> & { readonly env?: Readonly<Record<string, string>> }>
  >;
}

export interface Deviation {
  readonly code: string;
  readonly what: string;
  readonly why: string;
}

export interface Problem {
  readonly at: Span;
  /** The text that `at` is a place in, when it is not the Dockerfile: that of `model.build`. Such a problem has no fix. */
  readonly source?: Source;
  /** What is wrong, naming the thing: one clause, without a full stop. */
  readonly message: string;
  /** What to do. */
  readonly help?: string;
  readonly fix?: {
    readonly title: string /** True unless said otherwise. */;
    readonly safe?: boolean;
    readonly edits: readonly Edit[];
  };
}

/** What the checks of a file have come to. */
export interface Outcome {
  readonly model: SemanticModel;
  readonly suppressions: readonly SuppressionOutcome[];
}

export interface SuppressionOutcome {
  readonly suppression: Suppression;
  readonly ids: readonly {
    readonly id: string;
    readonly span: Span;
    /** Some rule has this id or alias. */
    readonly isKnown: boolean;
    /** Some rule of that name is switched on. */
    readonly isActive: boolean;
    /** It has silenced a finding. */
    readonly isUsed: boolean;
  }[];
  /** All names that rules go by. */
  readonly names: ReadonlySet<string>;
}

/** Gives `check` the types of the rule's options. */
export function defineRule<const T extends OptionTable = NoOptions>(rule: Rule<T>): Rule {
  // What `check` gets has been read by this rule's own table, so the wider type is only a name.
  return rule as unknown as Rule;
}

type NoOptions = Readonly<Record<never, never>>;
