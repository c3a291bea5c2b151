import { serveOnStdio } from '../lsp/stdio.ts';

/** The language server on standard input and output. Ends when the editor ends it. */
export async function lsp(): Promise<0> {
  await serveOnStdio();
  return 0;
}
