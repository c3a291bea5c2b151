import { type CommandSpec, config, formatFlag, noColor, noPlugins, presetNames } from './common.ts';

export const explain = {
  summary: 'What a rule finds, why it matters, and how to repair it',
  description: "Takes a rule's id, or the code another linter gives the same thing.",
  args: [{ name: 'rule', summary: 'Rule id or alias.', required: true, variadic: false }],
  formats: ['text', 'json'],
  flags: { format: formatFlag(['text', 'json']), 'no-color': noColor },
  examples: [
    { description: 'By id', command: 'dlint explain pip-cache' },
    { description: "By another linter's code", command: 'dlint explain DL3042' },
    { description: 'A rule of dlint check', command: 'dlint explain image-size' },
  ],
} as const satisfies CommandSpec;

export const rules = {
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
    image: { kind: 'boolean', summary: 'The rules of dlint check, which are about images.' },
    'no-color': noColor,
  },
  examples: [
    { description: 'All rules', command: 'dlint rules' },
    { description: 'What hadolint reports', command: 'dlint rules --preset hadolint' },
    { description: 'What dlint check can ask of an image', command: 'dlint rules --image' },
    { description: 'With aliases, for machines', command: 'dlint rules --format json' },
  ],
} as const satisfies CommandSpec;

export const init = {
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

export const configCommand = {
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

export const completion = {
  summary: 'Print a script that completes command lines in bash, zsh, fish or PowerShell',
  description:
    'Commands, flags, their values, rules and files. Print it again after an update of dlint. For zsh, put the line into ~/.zshrc behind compinit.',
  args: [
    {
      name: 'shell',
      summary: 'bash, zsh, fish or powershell.',
      required: true,
      variadic: false,
      options: ['bash', 'zsh', 'fish', 'powershell'],
    },
  ],
  formats: [],
  flags: { 'no-color': noColor },
  examples: [
    { description: 'bash: in ~/.bashrc', command: 'source <(dlint completion bash)' },
    { description: 'zsh: in ~/.zshrc', command: 'source <(dlint completion zsh)' },
    { description: 'fish: once', command: 'dlint completion fish > ~/.config/fish/completions/dlint.fish' },
  ],
} as const satisfies CommandSpec;
