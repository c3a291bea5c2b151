import { type CommandSpec, noColor } from './common.ts';

export const lsp = {
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
