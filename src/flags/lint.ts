import {
  type CommandSpec,
  config,
  failOnLevels,
  findingFormats,
  formatFlag,
  insecure,
  noColor,
  noConfig,
  noPlugins,
  presetNames,
  quiet,
} from './common.ts';

const lintFormats = [...findingFormats, 'html'] as const;

export const lint = {
  summary: 'Find mistakes in Dockerfiles, and repair them',
  description:
    'Reads files, directories (searched for Dockerfiles and Containerfiles), globs, or - for standard input; and what compose and bake files build. Without PATH: the current directory.\nWhat .dlint.yaml says holds, unless a flag says otherwise.\nExit code: 0 nothing at or above --fail-on, 1 findings, 2 could not run.',
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
      group: 'rules',
      summary:
        'Which rules, how severe: recommended (default), strict, hadolint or buildkit (what these report), all. --select and --ignore choose among them.',
    },
    select: {
      kind: 'list',
      value: 'IDS',
      group: 'rules',
      summary: 'Only these rules, comma separated: ids or aliases (DL3042), or all.',
    },
    ignore: {
      kind: 'list',
      value: 'IDS',
      group: 'rules',
      summary: 'Not these rules: ids or aliases, comma separated.',
    },
    shellcheck: {
      kind: 'boolean',
      group: 'rules',
      summary: 'What ShellCheck says about the scripts of RUN, too (SC2086, …). It must be installed.',
    },
    'no-shellcheck': {
      kind: 'boolean',
      group: 'rules',
      summary: 'Without ShellCheck, whatever the configuration says.',
    },
    resolve: {
      kind: 'boolean',
      group: 'rules',
      summary: 'Ask registries about base images: their environment, user, shell and platform. Kept for a day.',
    },
    'build-arg': {
      kind: 'list',
      value: 'NAME=VALUE',
      group: 'rules',
      summary: 'Value of an ARG, as for docker build. Repeatable.',
    },
    context: {
      kind: 'value',
      value: 'DIR',
      group: 'rules',
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
    { description: 'A page to read in a browser', command: 'dlint lint -f text -f html=report.html' },
    { description: 'For a pull request', command: 'dlint lint --since origin/main' },
    { description: 'What a compose file builds, as it builds it', command: 'dlint lint compose.yaml' },
    { description: 'From a pipe', command: 'cat Dockerfile | dlint lint - --stdin-name app/Dockerfile' },
  ],
} as const satisfies CommandSpec;
