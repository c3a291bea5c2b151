/**
 * The command line as data: every command with its arguments, flags and examples. Both parsers (the lean one in
 * `command-line.ts` and oclif's), the help and the shell completion are made from this table.
 */

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

function formatFlag(formats: readonly string[]): FlagSpec & { readonly kind: 'list' } {
  return {
    kind: 'list',
    char: 'f',
    value: 'NAME[=FILE]',
    summary: `Report format: ${formats.join(', ')}; with =FILE written there. Repeatable.`,
  };
}

const quiet = { kind: 'boolean', char: 'q', summary: 'No summary, no progress: the report alone.' } as const;
const noColor = { kind: 'boolean', summary: 'Plain text. NO_COLOR does the same; FORCE_COLOR the opposite.' } as const;
const platform = {
  kind: 'value',
  value: 'OS/ARCH',
  summary: 'Which image of a multi-platform index, e.g. linux/arm64.',
} as const;
const imageName = {
  kind: 'value',
  value: 'NAME',
  summary: 'Which image, when the archive holds several: a tag or an image id.',
} as const;
const insecure = {
  kind: 'boolean',
  summary: 'Read from a registry that does not speak TLS. Those on this machine are read without asking.',
} as const;
const verify = {
  kind: 'boolean',
  summary: 'Read every byte and refuse the image where a digest is not the one that is stated.',
} as const;
const config = {
  kind: 'value',
  value: 'FILE',
  group: 'configuration',
  summary: 'This configuration, for all files; patterns in it are relative to the working directory.',
} as const;
const noConfig = {
  kind: 'boolean',
  group: 'configuration',
  summary: 'No configuration: no .dlint.yaml, no .hadolint.yaml.',
} as const;
const noPlugins = {
  kind: 'boolean',
  group: 'configuration',
  summary: 'No plugins of the configuration: for repositories whose code you do not trust.',
} as const;
const noCache = {
  kind: 'boolean',
  summary: 'Keep no records of layers between runs, and use none. DLINT_CACHE is their folder, or off.',
} as const;
const imageArg: ArgSpec = {
  name: 'image',
  summary:
    'An archive of docker save or skopeo (docker or OCI), a directory of an OCI layout or of skopeo, - for standard input, docker-daemon:NAME (podman:, nerdctl:) for an image of an engine, or an image of a registry.',
  required: true,
  variadic: false,
};

const lintFormats = [
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

const lint = {
  summary: 'Find mistakes in Dockerfiles, and repair them',
  description:
    'Reads files, directories (searched for Dockerfiles and Containerfiles), globs, or - for standard input; and what compose files and docker-bake.json build. Without PATH: the current directory.\nWhat .dlint.yaml says holds, unless a flag says otherwise.\nExit code: 0 nothing at or above --fail-on, 1 findings, 2 could not run.',
  args: [{ name: 'path', summary: 'File, directory, glob, or - for standard input.', required: false, variadic: true }],
  formats: lintFormats,
  flags: {
    format: formatFlag(lintFormats),
    'fail-on': {
      kind: 'value',
      value: 'LEVEL',
      options: failOnLevels,
      summary: 'Lowest severity that makes the exit code 1: error, warning (default), info, style, never.',
    },
    quiet,
    'no-color': noColor,
    preset: {
      kind: 'value',
      value: 'NAME',
      options: presetNames,
      group: 'rule',
      summary:
        'Which rules, how severe: recommended (default), strict, hadolint or buildkit (what these report), all. --select and --ignore choose among them.',
    },
    select: {
      kind: 'list',
      value: 'IDS',
      group: 'rule',
      summary: 'Only these rules, comma separated: ids or aliases (DL3042), or all.',
    },
    ignore: { kind: 'list', value: 'IDS', group: 'rule', summary: 'Not these rules: ids or aliases, comma separated.' },
    shellcheck: {
      kind: 'boolean',
      group: 'rule',
      summary: 'What ShellCheck says about the scripts of RUN, too (SC2086, …). It must be installed.',
    },
    'no-shellcheck': {
      kind: 'boolean',
      group: 'rule',
      summary: 'Without ShellCheck, whatever the configuration says.',
    },
    resolve: {
      kind: 'boolean',
      group: 'rule',
      summary: 'Ask registries about base images: their environment, user, shell and platform. Kept for a day.',
    },
    'build-arg': {
      kind: 'list',
      value: 'NAME=VALUE',
      group: 'rule',
      summary: 'Value of an ARG, as for docker build. Repeatable.',
    },
    context: {
      kind: 'value',
      value: 'DIR',
      group: 'rule',
      summary:
        'The build context: what COPY names is looked for there, and what it sends is weighed. Without it: the folder of the Dockerfile, where a .dockerignore or .git stands.',
    },
    baseline: {
      kind: 'value',
      value: 'FILE',
      group: 'new findings',
      summary: 'What is in this file is known: left out, and counted. --update-baseline writes it.',
    },
    'update-baseline': {
      kind: 'boolean',
      group: 'new findings',
      summary: 'Write what is found into the baseline: the one of --baseline, or of the configuration.',
    },
    since: {
      kind: 'value',
      value: 'REF',
      group: 'new findings',
      summary: 'Only findings on lines that differ from where REF and the checked out commit part (git).',
    },
    changed: {
      kind: 'boolean',
      group: 'new findings',
      summary: 'Only findings on lines that are not committed yet; a file that git does not track counts whole.',
    },
    fix: {
      kind: 'boolean',
      group: 'repair',
      summary: 'Repair what can be repaired safely (from - to standard output).',
    },
    'fix-unsafe': { kind: 'boolean', group: 'repair', summary: 'Repairs that may change the image, too.' },
    diff: { kind: 'boolean', group: 'repair', summary: 'Print what --fix would change, and write nothing.' },
    config,
    'no-config': noConfig,
    'no-plugins': noPlugins,
    insecure,
    'stdin-name': {
      kind: 'value',
      value: 'PATH',
      summary: 'Name for standard input in reports, and where its configuration is looked for.',
    },
  },
  examples: [
    { description: 'All Dockerfiles below the current directory', command: 'dlint lint' },
    { description: 'One file; only two rules', command: 'dlint lint Dockerfile --select pip-cache,DL3008' },
    { description: 'See the repairs, then make them', command: 'dlint lint --diff && dlint lint --fix' },
    {
      description: 'In CI: readable log and a file for machines',
      command: 'dlint lint -f text -f json=dlint.json --fail-on error',
    },
    {
      description: 'With the build context: sources that are missing, folders that need not be sent',
      command: 'dlint lint docker/Dockerfile --context .',
    },
    { description: 'As hadolint does, ShellCheck included', command: 'dlint lint --preset hadolint --shellcheck' },
    {
      description: 'What is there is accepted; what is new fails',
      command: 'dlint lint --baseline .dlint-baseline.json',
    },
    { description: 'For a pull request', command: 'dlint lint --since origin/main' },
    { description: 'What a compose file builds, as it builds it', command: 'dlint lint compose.yaml' },
    { description: 'From a pipe', command: 'cat Dockerfile | dlint lint - --stdin-name app/Dockerfile' },
  ],
} as const satisfies CommandSpec;

const inspect = {
  summary: 'Show what an image is, layer by layer, and what it wastes',
  description:
    'The head says what would run and as whom; then each layer with its size, the instruction that made it, what it added, changed and removed, and its dead bytes. Layers are read once, in parallel, without unpacking them.',
  args: [imageArg],
  formats: ['text', 'json', 'tree', 'csv', 'markdown', 'html', 'dive-json'],
  flags: {
    format: formatFlag(['text', 'json', 'tree', 'csv', 'markdown', 'html', 'dive-json']),
    interactive: {
      kind: 'boolean',
      char: 'i',
      summary: 'Look around in it on the terminal: layers, files, changes, contents; ? has the keys.',
    },
    layer: { kind: 'value', value: 'N', summary: 'One layer in full; 1 is the lowest.' },
    base: {
      kind: 'value',
      value: 'IMAGE|N',
      summary: 'The image it is built on, or how many layers that has: sums for what it brought and what was added.',
    },
    path: {
      kind: 'list',
      value: 'GLOB',
      group: 'view',
      summary: 'What became of these paths, layer by layer: etc/passwd, *.pyc, /usr/share. Repeatable.',
    },
    filter: {
      kind: 'list',
      value: 'GLOB',
      group: 'view',
      summary: 'Only these paths in trees and lists of changes. Repeatable.',
    },
    changes: {
      kind: 'list',
      value: 'KINDS',
      group: 'view',
      summary: 'Only these changes, comma separated: added, modified, removed.',
    },
    'min-size': { kind: 'value', value: 'SIZE', group: 'view', summary: 'Only files of this size or more, e.g. 1MB.' },
    depth: { kind: 'value', value: 'N', group: 'view', summary: 'Levels of a tree that are shown.' },
    sort: {
      kind: 'value',
      value: 'BY',
      options: ['name', 'size'],
      group: 'view',
      summary: 'Order in the directories of a tree: name (default), or size.',
    },
    dockerfile: {
      kind: 'value',
      value: 'FILE',
      summary: 'The Dockerfile it was built from: shows the line that made each layer, and what the linter says of it.',
    },
    platform,
    image: imageName,
    insecure,
    verify,
    'no-cache': noCache,
    quiet,
    'no-color': noColor,
  },
  examples: [
    { description: 'An image of the local engine', command: 'docker save app -o app.tar && dlint inspect app.tar' },
    { description: 'Look around in it', command: 'dlint inspect -i app.tar' },
    { description: 'Everything that layer 3 changed', command: 'dlint inspect app.tar --layer 3' },
    { description: 'The final file system as a tree', command: 'dlint inspect app.tar -f tree' },
    { description: 'Without the waste of the base image', command: 'dlint inspect app.tar --base debian.tar' },
    { description: 'Which lines make it large', command: 'dlint inspect app.tar --dockerfile Dockerfile' },
    {
      description: 'What fills the image',
      command: 'dlint inspect app.tar -f tree --sort size --depth 3 --min-size 1MB',
    },
    { description: 'What became of a file', command: 'dlint inspect app.tar --path etc/passwd' },
    {
      description: 'A comment for a pull request',
      command: 'dlint inspect app.tar -f markdown --dockerfile Dockerfile',
    },
    { description: 'To look around in a browser', command: 'dlint inspect app.tar -f html=app.html' },
    { description: 'For machines, beside the text', command: 'dlint inspect app.tar -f text -f json=app.json' },
  ],
} as const satisfies CommandSpec;

const layerBefore = {
  kind: 'value',
  value: 'N',
  summary: 'The image as it was after layer N; 1 is the lowest. Default: after the last.',
} as const;

const cat = {
  summary: 'Print a file of an image',
  description:
    'The bytes of files of the final file system, one after the other, to standard output. Symbolic links are followed inside the image. Nothing is unpacked.',
  args: [imageArg, { name: 'path', summary: 'Path inside the image.', required: true, variadic: true }],
  formats: [],
  flags: { layer: layerBefore, platform, image: imageName, insecure, quiet, 'no-color': noColor },
  examples: [
    { description: 'Which distribution is it?', command: 'dlint cat app.tar /etc/os-release' },
    { description: 'As it was before later layers changed it', command: 'dlint cat app.tar app/config.json --layer 4' },
    { description: 'Without an archive on disk', command: 'docker save app | dlint cat - etc/passwd' },
  ],
} as const satisfies CommandSpec;

const extract = {
  summary: 'Unpack the file system of an image, or a part of it, into a folder',
  description:
    'Writes the final file system below DIR and nothing outside of it, whatever the image holds. Owners, devices and setuid bits are left out; what this machine cannot store is told, and makes the exit code 1.',
  args: [imageArg, { name: 'dir', summary: 'A new or empty folder.', required: true, variadic: false }],
  formats: ['text', 'json'],
  flags: {
    format: formatFlag(['text', 'json']),
    path: {
      kind: 'list',
      value: 'GLOB',
      summary: 'Only paths that match, and what is below them, e.g. etc, usr/lib/**/*.so. Repeatable.',
    },
    layer: layerBefore,
    force: { kind: 'boolean', summary: 'Into a folder that is not empty; files in the way are replaced.' },
    setuid: { kind: 'boolean', summary: 'Keep setuid and setgid bits.' },
    devices: { kind: 'boolean', summary: 'Make devices and fifos, too (mknod; devices need root).' },
    'max-size': { kind: 'value', value: 'SIZE', summary: 'Refuse more than this, e.g. 2GB. Default: 64 GiB.' },
    platform,
    image: imageName,
    insecure,
    quiet,
    'no-color': noColor,
  },
  examples: [
    { description: 'All of it', command: 'dlint extract app.tar root' },
    { description: 'The application alone', command: 'dlint extract app.tar out --path app --path etc/nginx' },
    { description: 'What layer 3 still had', command: 'dlint extract app.tar out --layer 3 --path "**/*.pem"' },
  ],
} as const satisfies CommandSpec;

const diff = {
  summary: 'Compare two images: files, configuration, packages, layers',
  description:
    'What has to be done to A to get B. Files are compared by what they hold; bodies are read only where nothing else tells. Exit code: 0 alike, 1 different, 2 could not run. How the images are cut into layers counts only with --only layers.',
  args: [
    { ...imageArg, name: 'a', summary: 'The first image, as for dlint inspect.' },
    { ...imageArg, name: 'b', summary: 'The second one.' },
  ],
  formats: ['text', 'json'],
  flags: {
    format: formatFlag(['text', 'json']),
    only: { kind: 'list', value: 'SECTIONS', summary: 'Only these, comma separated: config, layers, packages, files.' },
    path: { kind: 'list', value: 'GLOB', summary: 'Only files that match, e.g. etc/**. Repeatable.' },
    ignore: {
      kind: 'list',
      value: 'REASONS',
      summary: 'Differences of files that do not count, comma separated: mtime, owner, mode, xattr, content, …',
    },
    platform,
    insecure,
    quiet,
    'no-color': noColor,
  },
  examples: [
    { description: 'What did the new build change?', command: 'dlint diff app-1.tar app-2.tar --ignore mtime' },
    { description: 'Packages alone', command: 'dlint diff debian:12 debian:13 --only packages' },
    { description: 'Is the build reproducible?', command: 'dlint diff first.tar second.tar -q && echo yes' },
  ],
} as const satisfies CommandSpec;

const check = {
  summary: 'Hold an image to a policy: size, waste, secrets, user, labels, …',
  description:
    'What to hold it to comes from `image:` of .dlint.yaml, from a .dive-ci, and from flags, which win; without any of them an efficiency of 90 % is asked for. Files that hold a secret are looked for in every layer, also where a later one removes them. Exit code: 0 passed, 1 findings, 2 could not run.',
  args: [imageArg],
  formats: ['text', 'json'],
  flags: {
    format: formatFlag(['text', 'json']),
    'max-size': { kind: 'value', value: 'SIZE', group: 'policy', summary: 'Stored bytes at most, e.g. 200MB.' },
    'max-dead': {
      kind: 'value',
      value: 'SIZE',
      group: 'policy',
      summary: 'Bytes at most that are stored and not reachable.',
    },
    'min-efficiency': {
      kind: 'value',
      value: 'SHARE',
      group: 'policy',
      summary: 'Reachable by stored bytes at least, e.g. 0.9 or 90%.',
    },
    'max-layers': { kind: 'value', value: 'N', group: 'policy', summary: 'Layers at most.' },
    'max-layer-size': { kind: 'value', value: 'SIZE', group: 'policy', summary: 'Stored bytes of a layer at most.' },
    against: {
      kind: 'value',
      value: 'IMAGE',
      group: 'policy',
      summary: 'The image that growth is measured from, e.g. the one that runs now.',
    },
    'max-growth': { kind: 'value', value: 'SIZE', group: 'policy', summary: 'Growth at most: 20MB, or 5%.' },
    'forbid-path': {
      kind: 'list',
      value: 'GLOB',
      group: 'policy',
      summary: 'Paths that no layer may have, e.g. root/.ssh/**. Repeatable.',
    },
    'forbid-mode': {
      kind: 'list',
      value: 'MODES',
      group: 'policy',
      summary: 'Modes that no file may have, comma separated: setuid, setgid, world-writable.',
    },
    user: { kind: 'value', value: 'NAME', group: 'policy', summary: 'Whom it has to run as, or non-root.' },
    'ci-config': {
      kind: 'value',
      value: 'FILE',
      group: 'policy',
      summary: "dive's rules, held to the numbers that dive computes. Default: .dive-ci, where there is one.",
    },
    config,
    'no-config': noConfig,
    'fail-on': {
      kind: 'value',
      value: 'LEVEL',
      options: failOnLevels,
      summary: 'Lowest severity that makes the exit code 1: error, warning (default), info, style, never.',
    },
    platform,
    image: imageName,
    insecure,
    quiet,
    'no-color': noColor,
  },
  examples: [
    { description: 'What .dlint.yaml asks for', command: 'dlint check app.tar' },
    { description: 'Without a file', command: 'dlint check app.tar --max-size 200MB --max-dead 20MB --user non-root' },
    {
      description: 'No larger than what runs now',
      command: 'dlint check new.tar --against app:stable --max-growth 5%',
    },
    { description: "With dive's rules", command: 'dlint check app.tar --ci-config .dive-ci' },
  ],
} as const satisfies CommandSpec;

const shared = {
  summary: 'Show which layers and bytes several images have in common',
  description:
    'What each pair of images shares, and what all of them take up: one by one, in a registry, and unpacked on one host. Layers are the same where their content is, however they are compressed.',
  args: [{ ...imageArg, summary: 'Two images or more, as for dlint inspect.', variadic: true }],
  formats: ['text', 'json'],
  flags: { format: formatFlag(['text', 'json']), platform, insecure, quiet, 'no-color': noColor },
  examples: [
    { description: 'Do the services build on the same base?', command: 'dlint shared api.tar worker.tar web.tar' },
    { description: 'How much a new version makes a host pull', command: 'dlint shared app:1.4 app:1.5' },
  ],
} as const satisfies CommandSpec;

const sbomFormats = [
  'cyclonedx',
  'cyclonedx@1.4',
  'cyclonedx@1.5',
  'cyclonedx@1.6',
  'cyclonedx@1.7',
  'cyclonedx-xml',
  'spdx',
  'spdx@3',
  'spdx-tag-value',
  'syft-json',
  'github',
  'csv',
  'purls',
  'table',
] as const;

const sbom = {
  summary: 'Write the software bill of materials of an image, a root filesystem or a project',
  description:
    'The packages and programs that the image holds, each with its purl, licence, evidence and layer. Of a folder with an os-release the packages that are installed in it; of any other folder what its lock files pin, with scope and dependencies. CycloneDX 1.6 by default; the same input gives the same bytes. Exit code: 0, 1 licences that are not allowed, 2 could not run.',
  args: [
    {
      ...imageArg,
      summary: `${imageArg.summary} Or a folder: a root filesystem, or a project with lock files; dir:PATH and rootfs:PATH say which.`,
    },
  ],
  formats: sbomFormats,
  flags: {
    format: formatFlag(sbomFormats),
    author: {
      kind: 'list',
      value: 'NAME',
      group: 'document',
      summary:
        'Who makes the SBOM, e.g. "Acme Ltd <sbom@acme.example>". Default: as the labels of the image say. Repeatable.',
    },
    supplier: {
      kind: 'value',
      value: 'NAME',
      group: 'document',
      summary: 'Who ships the image, e.g. "Acme Ltd (https://acme.example)". Default: the vendor that its label names.',
    },
    hashes: {
      kind: 'boolean',
      group: 'document',
      summary: 'A SHA-256 of their files for packages without a hash of their own. Reads these files.',
    },
    check: {
      kind: 'value',
      value: 'STANDARD',
      options: ['ntia', 'cisa', 'bsi'],
      summary: 'Print which minimum elements are missing instead: ntia, cisa, bsi. Exit code: 0 none, 1 some.',
    },
    'all-layers': {
      kind: 'boolean',
      summary: 'Also packages that a later layer removed or replaced, marked so: their bytes still ship.',
    },
    dockerfile: {
      kind: 'value',
      value: 'FILE',
      summary: 'The Dockerfile it was built from: shows the line that brought each package.',
    },
    'exclude-dev': {
      kind: 'boolean',
      summary: 'Of a project: without packages that are needed for development alone.',
    },
    'allow-license': {
      kind: 'list',
      value: 'LICENSE',
      group: 'licences',
      summary:
        'Nothing but these: SPDX ids, also with *, e.g. MIT, BSD-*. Repeatable. Default: licenses.allow of .dlint.yaml.',
    },
    'deny-license': {
      kind: 'list',
      value: 'LICENSE',
      group: 'licences',
      summary: 'None of these, e.g. AGPL-*. Repeatable. Default: licenses.deny of .dlint.yaml.',
    },
    'fail-on': {
      kind: 'value',
      value: 'LEVEL',
      options: failOnLevels,
      group: 'licences',
      summary: 'Lowest severity of findings about licences that makes the exit code 1. Default: warning.',
    },
    config,
    'no-config': noConfig,
    platform,
    image: imageName,
    insecure,
    'no-cache': noCache,
    quiet,
    'no-color': noColor,
  },
  examples: [
    { description: 'CycloneDX on standard output', command: 'dlint sbom app.tar' },
    {
      description: 'Two files in one pass',
      command: 'dlint sbom app.tar -f cyclonedx=app.cdx.json -f spdx=app.spdx.json',
    },
    { description: 'To read', command: 'dlint sbom app.tar -f table' },
    { description: 'What the lock files of this project pin', command: 'dlint sbom . --exclude-dev' },
    {
      description: 'No copyleft, whatever it is for',
      command: 'dlint sbom app.tar -f cyclonedx=app.cdx.json --deny-license "GPL-*" --deny-license "AGPL-*"',
    },
  ],
} as const satisfies CommandSpec;

const explain = {
  summary: 'What a rule finds, why it matters, and how to repair it',
  description: "Takes a rule's id, or the code another linter gives the same thing.",
  args: [{ name: 'rule', summary: 'Rule id or alias.', required: true, variadic: false }],
  formats: ['text', 'json'],
  flags: { format: formatFlag(['text', 'json']), 'no-color': noColor },
  examples: [
    { description: 'By id', command: 'dlint explain pip-cache' },
    { description: "By another linter's code", command: 'dlint explain DL3042' },
  ],
} as const satisfies CommandSpec;

const rules = {
  summary: 'List the rules',
  description: 'Every rule with its severity, category and aliases.',
  args: [],
  formats: ['table', 'json'],
  flags: {
    format: formatFlag(['table', 'json']),
    preset: {
      kind: 'value',
      value: 'NAME',
      options: presetNames,
      summary: 'Only the rules of a preset, as severe as they are there: recommended, strict, hadolint, buildkit, all.',
    },
    'no-color': noColor,
  },
  examples: [
    { description: 'All rules', command: 'dlint rules' },
    { description: 'What hadolint reports', command: 'dlint rules --preset hadolint' },
    { description: 'With aliases, for machines', command: 'dlint rules --format json' },
  ],
} as const satisfies CommandSpec;

const init = {
  summary: 'Write a .dlint.yaml to begin with',
  description:
    'A commented configuration in the current directory. What .hadolint.yaml says is taken over; ShellCheck is switched on where it is installed.',
  args: [],
  formats: [],
  flags: {
    force: { kind: 'boolean', summary: 'Write it anew where there is one.' },
    'no-color': noColor,
  },
  examples: [{ description: 'Begin', command: 'dlint init && dlint lint' }],
} as const satisfies CommandSpec;

const configCommand = {
  summary: 'Show what holds for a Dockerfile, and where it is said',
  description:
    'Which configuration is read for a file, and file and line of every setting in it. The Dockerfile need not be there. Without FILE: Dockerfile.\nExit code: 0, or 2 when the configuration is wrong.',
  args: [{ name: 'file', summary: 'A Dockerfile.', required: false, variadic: false }],
  formats: ['text', 'json'],
  flags: { format: formatFlag(['text', 'json']), config, 'no-plugins': noPlugins, 'no-color': noColor },
  examples: [
    { description: 'Why is this rule off?', command: 'dlint config app/Dockerfile' },
    { description: 'Every rule with its level and options', command: 'dlint config app/Dockerfile -f json' },
  ],
} as const satisfies CommandSpec;

const lsp = {
  summary: 'Serve an editor: diagnostics while you type, repairs, explanations',
  description:
    'Speaks the Language Server Protocol on standard input and output; editors start it. docs/editors.md says how for VS Code, Neovim, Helix and JetBrains.',
  args: [],
  formats: [],
  flags: {
    stdio: { kind: 'boolean', summary: 'What it does anyway; some editors say so.' },
    'no-color': noColor,
  },
  examples: [{ description: 'What an editor runs', command: 'dlint lsp --stdio' }],
} as const satisfies CommandSpec;

export const commandSpecs = {
  lint,
  inspect,
  cat,
  extract,
  diff,
  shared,
  check,
  sbom,
  explain,
  rules,
  init,
  config: configCommand,
  lsp,
};

export type CommandId = keyof typeof commandSpecs;

type ValueOf<F extends FlagSpec> = F['kind'] extends 'boolean'
  ? boolean
  : F['kind'] extends 'list'
    ? readonly string[]
    : string;

/** The flags that were given, by name. One that was not given is absent. */
export type FlagValues<C extends CommandId> = {
  readonly [N in keyof (typeof commandSpecs)[C]['flags']]?: (typeof commandSpecs)[C]['flags'][N] extends FlagSpec
    ? ValueOf<(typeof commandSpecs)[C]['flags'][N]>
    : never;
};

/** A command line that was understood. */
export type Invocation = {
  [C in CommandId]: { readonly command: C; readonly args: readonly string[]; readonly flags: FlagValues<C> };
}[CommandId];

export type InvocationOf<C extends CommandId> = Extract<Invocation, { readonly command: C }>;
