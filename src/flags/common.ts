export interface FlagSpec {
  /** A `list` may be given several times; each value is kept as it was given. */
  readonly kind: 'boolean' | 'value' | 'list';
  readonly char?: string;
  readonly summary: string;
  /** What stands for the value in the help, e.g. `LEVEL`. */
  readonly value?: string;
  /** The only values there are. */
  readonly options?: readonly string[];
  /** Heading in the help; without one it stands under FLAGS. */
  readonly group?: string;
}

export interface ArgSpec {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  /** Takes all that follows. */
  readonly variadic: boolean;
  /** The only values there are; the command checks it. */
  readonly options?: readonly string[];
}

export interface CommandSpec {
  readonly summary: string;
  readonly description: string;
  readonly args: readonly ArgSpec[];
  readonly flags: Readonly<Record<string, FlagSpec>>;
  /** Formats of `--format`; the first is the default. */
  readonly formats: readonly string[];
  readonly examples: readonly { readonly description: string; readonly command: string }[];
}

export const failOnLevels = ['error', 'warning', 'info', 'style', 'never'] as const;
export type FailOn = (typeof failOnLevels)[number];

export const presetNames = ['recommended', 'strict', 'hadolint', 'buildkit', 'all'] as const;

/** What findings can be written as; the first is for people. */
export const findingFormats = [
  'text',
  'json',
  'compact',
  'jsonl',
  'sarif',
  'github',
  'gitlab',
  'azure',
  'checkstyle',
  'junit',
  'sonarqube',
  'rdjson',
  'rdjsonl',
  'gnu',
  'markdown',
] as const;

export function formatFlag(formats: readonly string[]): FlagSpec & { readonly kind: 'list' } {
  return {
    kind: 'list',
    char: 'f',
    value: 'NAME[=FILE]',
    summary: `Report format: ${formats.join(', ')}; with =FILE written there. Repeatable.`,
  };
}

export const quiet = { kind: 'boolean', char: 'q', summary: 'No summary, no progress: the report alone.' } as const;
export const noColor = {
  kind: 'boolean',
  summary: 'Plain text. NO_COLOR does the same; FORCE_COLOR the opposite.',
} as const;
export const platform = {
  kind: 'value',
  value: 'OS/ARCH',
  summary: 'Which image of a multi-platform index, e.g. linux/arm64.',
} as const;
const imageName = {
  kind: 'value',
  value: 'NAME',
  summary: 'Which image, when the archive holds several: a tag or an image id.',
} as const;
export const insecure = {
  kind: 'boolean',
  summary: 'Read from a registry that does not speak TLS. Those on this machine are read without asking.',
} as const;
export const dockerfile = {
  kind: 'value',
  value: 'FILE',
  group: 'Dockerfile',
} as const;
export const buildArg = {
  kind: 'list',
  value: 'NAME=VALUE',
  group: 'Dockerfile',
  summary: 'Value of an ARG, as it was given to the build. Repeatable.',
} as const;
export const target = {
  kind: 'value',
  value: 'STAGE',
  group: 'Dockerfile',
  summary: 'The stage that was built: a name or a number. Default: the last one.',
} as const;
export const limit = {
  kind: 'list',
  value: 'NAME=VALUE',
  summary: 'Raise a bound on what an image may cost, e.g. inflatedBytes=128GiB (docs/limits.md). Repeatable.',
} as const;
export const verify = {
  kind: 'boolean',
  summary: 'Read every byte and refuse the image where a digest is not the one that is stated.',
} as const;
export const config = {
  kind: 'value',
  value: 'FILE',
  group: 'configuration',
  summary: 'This configuration, for all files; patterns in it are relative to the working directory.',
} as const;
export const noConfig = {
  kind: 'boolean',
  group: 'configuration',
  summary: 'No configuration: no .dlint.yaml, no .hadolint.yaml.',
} as const;
export const noPlugins = {
  kind: 'boolean',
  group: 'configuration',
  summary: 'No plugins of the configuration: for repositories whose code you do not trust.',
} as const;
const noCache = {
  kind: 'boolean',
  summary: 'Keep no records of layers between runs, and use none. DLINT_CACHE is their folder, or off.',
} as const;
/** Which image, and what it may cost. */
export const imageSource = { platform, image: imageName, insecure, limit } as const;
/** How it is read, and what is told meanwhile. */
export const imageReading = { 'no-cache': noCache, quiet, 'no-color': noColor } as const;
export const imageArg: ArgSpec = {
  name: 'image',
  summary:
    'An archive of docker save or skopeo (docker or OCI), a directory of an OCI layout or of skopeo, - for standard input, docker-daemon:NAME (podman:, nerdctl:) for an image of an engine, or an image of a registry.',
  required: true,
  variadic: false,
};
