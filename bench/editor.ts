import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { dlint } from './programs.ts';

const LINES = 300;
const KEYSTROKES = 40;
const BAR = 50;

/** From a keystroke to its diagnostics, as an editor that speaks to `dlint lsp` sees it: one line of Markdown. */
export async function editorTimes(scratch: string): Promise<string> {
  const folder = join(scratch, 'editor');
  mkdirSync(folder);
  const uri = pathToFileURL(join(folder, 'Dockerfile')).href;
  const [program = '', ...words] = dlint('lsp', '--stdio');
  const server = spawn(program, words, { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  let told: (version: number) => void = () => {};
  connection.onNotification('textDocument/publishDiagnostics', ({ version }) => told(version));
  const toldOf = (version: number) =>
    new Promise<void>((resolve) => {
      told = (seen) => seen === version && resolve();
    });
  connection.listen();
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
  await connection.sendNotification('initialized', {});
  const run =
    'RUN apt-get update && apt-get install -y --no-install-recommends curl=1 && rm -rf /var/lib/apt/lists/*\n';
  const text = `FROM debian:12\n${run.repeat(LINES - 2)}USER 1\n`;
  const opened = toldOf(1);
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'dockerfile', version: 1, text },
  });
  await opened;
  const times: number[] = [];
  const place = { line: 5, character: 3 };
  for (let version = 2; version < KEYSTROKES + 2; version++) {
    const start = performance.now();
    const seen = toldOf(version);
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range: { start: place, end: place }, text: ' ' }],
    });
    await seen;
    times.push(performance.now() - start);
  }
  connection.dispose();
  server.kill();
  const median = times.sort((a, b) => a - b)[KEYSTROKES / 2] as number;
  return `\nKeystroke to diagnostics in a file of ${LINES} lines (\`dlint lsp\`, ${KEYSTROKES} keystrokes): median ${Math.round(median)} ms, bar ${BAR} ms.\n`;
}
