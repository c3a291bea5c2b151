import { createConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { serve } from '../lsp/server.ts';

/** The language server on standard input and output. Ends when the editor ends it. */
export async function lsp(): Promise<0> {
  const connection = createConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout));
  const ended = new Promise<0>((resolve) => {
    connection.onExit(() => resolve(0));
    process.stdin.once('end', () => resolve(0));
  });
  serve(connection);
  return await ended;
}
