import type { DlintError } from '../errors.ts';
import type { FailOn } from '../flags.ts';
import type { Preset, Rule } from '../lint/rule.ts';
import type { Level } from '../lint/rule-set.ts';
import type { ImagePolicy } from './image-policy.ts';

/** A configuration with all that it extends: plain data whose names have been checked. */
export interface Config {
  readonly kind: 'dlint' | 'hadolint';
  /** Its file, as shown to the user. */
  readonly path: string;
  /** Absolute: what patterns are relative to. */
  readonly folder: string;
  /** All files that were read, as shown. */
  readonly files: readonly string[];
  /** What it says, from general to special: a later layer beats an earlier one. */
  readonly layers: readonly SettingsLayer[];
  /** Patterns as in .gitignore: files that are not linted. */
  readonly ignore: readonly Pattern[];
  /** File of known findings, as shown. */
  readonly baseline?: string;
  /** What `dlint check` asks of images. */
  readonly image: ImagePolicy;
  /** Which licences `dlint sbom` takes. */
  readonly licenses: LicenseLists;
  /** Where each key of `image` was set. */
  readonly imageOrigins: ReadonlyMap<string, string>;
  /** Where each key of `licenses` was set. */
  readonly licenseOrigins?: ReadonlyMap<string, string>;
  /** Rules that there are, those of plugins included. */
  readonly rules: readonly Rule[];
  /** Plugins that could not be loaded; the others are there. */
  readonly pluginErrors: readonly DlintError[];
  /** What hadolint's configuration says and nothing here answers to, as shown. */
  readonly unmapped: readonly string[];
  /** What in it is worth a line to those who lint with it. */
  readonly notes?: readonly string[];
  /** What a report is made as, where no flag says so. */
  readonly format?: string;
  readonly noColor?: boolean;
}

/** SPDX ids, as written. */
export interface LicenseLists {
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
}

export type ReadConfig = { readonly config: Config } | { readonly errors: readonly DlintError[] };

export interface Pattern {
  readonly pattern: string;
  readonly origin: string;
}

/** What one place of a configuration sets. */
export interface SettingsLayer extends Settings {
  /** It holds for the files that match these patterns (as in .gitignore) alone. */
  readonly files?: readonly string[];
  readonly rules: readonly RuleLine[];
  /** `FILE:LINE` of each key that was set. */
  readonly origins: ReadonlyMap<string, string>;
}

export interface Settings {
  readonly preset?: Preset;
  readonly failOn?: FailOn;
  readonly shellcheck?: boolean;
  /** False: comments that silence rules are not heeded. */
  readonly inlineIgnores?: boolean;
  readonly buildArgs?: ReadonlyMap<string, string>;
}

/** What is said about a rule, or about a code of ShellCheck. */
export interface RuleLine {
  readonly id: string;
  readonly level: Level | 'on';
  readonly options?: Readonly<Record<string, unknown>>;
  /** `FILE:LINE`. */
  readonly origin: string;
}

/** All that holds for one Dockerfile. */
export interface FileConfig extends Settings {
  readonly rules: ReadonlyMap<string, RuleLine>;
  readonly origins: ReadonlyMap<string, string>;
}
