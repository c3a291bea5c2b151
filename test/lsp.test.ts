import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { CodeAction, CompletionItem, Diagnostic, Hover, TextEdit } from 'vscode-languageserver';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { bin, folder } from './support/cli.ts';

/** An editor with one file open, speaking to the built program. */
class Editor {
  readonly uri: string;
  readonly folder: ReturnType<typeof folder>;
  readonly program: ChildProcess;
  readonly connection: MessageConnection;
  #version = 1;
  #seen: { version: number; diagnostics: Diagnostic[] } | undefined;
  #wake: () => void = () => {};

  readonly #language: string;

  constructor(files: Readonly<Record<string, string>>, name = 'Dockerfile', language = 'dockerfile') {
    this.folder = folder(files);
    this.#language = language;
    this.uri = pathToFileURL(join(this.folder.path, name)).href;
    this.program = spawn(process.execPath, [bin, 'lsp', '--stdio'], { cwd: this.folder.path, stdio: 'pipe' });
    this.connection = createMessageConnection(
      new StreamMessageReader(this.program.stdout as NodeJS.ReadableStream),
      new StreamMessageWriter(this.program.stdin as NodeJS.WritableStream),
    );
    this.connection.onNotification('textDocument/publishDiagnostics', (told) => {
      this.#seen = told;
      this.#wake();
    });
    this.connection.onRequest('client/registerCapability', () => null);
    this.connection.listen();
  }

  async open(text: string): Promise<Diagnostic[]> {
    const capabilities = { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } };
    await this.connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities });
    await this.connection.sendNotification('initialized', {});
    const textDocument = { uri: this.uri, languageId: this.#language, version: 1, text };
    await this.connection.sendNotification('textDocument/didOpen', { textDocument });
    return await this.diagnostics();
  }

  async type(contentChanges: readonly object[]): Promise<Diagnostic[]> {
    const textDocument = { uri: this.uri, version: ++this.#version };
    await this.connection.sendNotification('textDocument/didChange', { textDocument, contentChanges });
    return await this.diagnostics();
  }

  /** Those of the version that the editor shows. */
  async diagnostics(): Promise<Diagnostic[]> {
    while (this.#seen?.version !== this.#version) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#seen.diagnostics;
  }

  async again(): Promise<Diagnostic[]> {
    this.#seen = undefined;
    return await this.diagnostics();
  }

  async ask<T>(method: string, rest: object): Promise<T> {
    return await this.connection.sendRequest(`textDocument/${method}`, { textDocument: { uri: this.uri }, ...rest });
  }

  async close(): Promise<number | null> {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const code = await new Promise<number | null>((resolve) => this.program.once('exit', resolve));
    this.connection.dispose();
    this.folder.remove();
    return code;
  }
}

let editor: Editor | undefined;
afterEach(() => editor?.program.kill());

const sick = 'FROM debian:12\nRUN pip install flask==3.1.2\nUSER 1000\nCMD ["python3"]\n';
const at = (line: number, character: number) => ({ line, character });
const everything = { range: { start: at(0, 0), end: at(99, 0) }, context: { diagnostics: [] } };
const apply = (text: string, { edit }: CodeAction, uri: string) =>
  TextDocument.applyEdits(TextDocument.create(uri, 'dockerfile', 1, text), (edit?.changes?.[uri] ?? []) as TextEdit[]);

test('diagnostics while somebody types, repairs, hover, completion, and a clean end', async () => {
  editor = new Editor({ Dockerfile: '' });
  const found = await editor.open(sick);
  expect(found).toMatchObject([
    { code: 'pip-cache', source: 'dlint', severity: 2, range: { start: at(1, 4), end: at(1, 15) } },
  ]);
  // Where package.json names no homepage, the page is the one beside the program.
  expect(found[0]?.codeDescription?.href).toMatch(/^(?:file|https):\/\/.*\/docs\/rules\/pip-cache\.md$/);

  const actions = await editor.ask<CodeAction[]>('codeAction', everything);
  expect(actions.map(({ kind, isPreferred }) => [kind, isPreferred])).toEqual([
    ['quickfix', true],
    ['quickfix', undefined],
    ['source.fixAll.dlint', undefined],
  ]);
  const [repair, ignore, all] = actions as [CodeAction, CodeAction, CodeAction];
  const mended = sick.replace('install', 'install --no-cache-dir');
  expect(apply(sick, repair, editor.uri)).toBe(mended);
  expect(apply(sick, all, editor.uri)).toBe(mended);
  expect(ignore.title).toBe('Ignore pip-cache here');
  const silenced = apply(sick, ignore, editor.uri);
  expect(silenced).toBe(sick.replace('RUN', '# dlint-ignore pip-cache\nRUN'));

  const hover = await editor.ask<Hover>('hover', { position: at(1, 6) });
  expect(JSON.stringify(hover.contents)).toContain('**pip-cache** (DL3042)');
  expect(await editor.ask('hover', { position: at(3, 1) })).toBeNull();

  expect(await editor.type([{ text: silenced }])).toEqual([]);
  const named = await editor.ask<Hover>('hover', { position: at(1, 18) });
  expect(JSON.stringify(named.contents)).toContain('**pip-cache**');
  const incremental = { range: { start: at(1, 0), end: at(2, 0) }, text: '# dlint-ignore pip' };
  await editor.type([incremental]);
  const items = await editor.ask<CompletionItem[]>('completion', { position: at(1, 18) });
  expect(items.map(({ label }) => label)).toEqual(expect.arrayContaining(['pip-cache', 'apt-lists']));
  await editor.type([{ text: 'FROM a\n# hadolint ignore=DL\nRUN b\n' }]);
  const codes = await editor.ask<CompletionItem[]>('completion', { position: at(1, 20) });
  expect(codes.map(({ label }) => label)).toContain('DL3042');
  expect(await editor.ask<CompletionItem[]>('completion', { position: at(2, 5) })).toEqual([]);
  expect(await editor.close()).toBe(0);
});

test.each([
  ['\n', 'LF'],
  ['\r\n', 'CRLF'],
])('places behind letters of two units, and after edits there (%j)', async (end) => {
  const text = ['FROM debian:12', 'RUN echo "😀 é 漢" && pip install flask==3.1.2', 'USER 1000', ''].join(end);
  editor = new Editor({ Dockerfile: '' });
  const [first, ...others] = await editor.open(text);
  expect(others).toEqual([]);
  expect(first?.range).toEqual({ start: at(1, 21), end: at(1, 32) });
  // Another one of two units, before it.
  const [next] = await editor.type([{ range: { start: at(1, 10), end: at(1, 12) }, text: '😀🚀' }]);
  expect(next?.range).toEqual({ start: at(1, 23), end: at(1, 34) });
  const [repair] = await editor.ask<CodeAction[]>('codeAction', everything);
  const now = text.replace('😀', '😀🚀');
  expect(apply(now, repair as CodeAction, editor.uri)).toBe(now.replace('install', 'install --no-cache-dir'));
  await editor.close();
});

test('compose files: Dockerfiles inside of them, and what they say of others', async () => {
  const text = [
    'services:',
    '  a:',
    '    build:',
    '      dockerfile_inline: |',
    '        FROM debian:12',
    '        RUN pip install flask==3.1.2',
    '        USER 1000',
    '  b:',
    '    build: { context: ., target: none }',
    '  c:',
    '    build: ${NOT_SET_ANYWHERE}',
    '',
  ].join('\n');
  editor = new Editor({ Dockerfile: 'FROM debian:12\nRUN sudo x\nUSER 1\n' }, 'compose.yaml', 'dockercompose');
  const found = await editor.open(text);
  expect(found.map(({ code, range }) => [code, range.start])).toEqual([
    ['pip-cache', at(5, 12)],
    ['unknown-target', at(8, 33)],
    [undefined, at(10, 11)],
  ]);
  const actions = await editor.ask<CodeAction[]>('codeAction', everything);
  const all = actions.find(({ kind }) => kind === 'source.fixAll.dlint') as CodeAction;
  expect(apply(text, all, editor.uri)).toBe(text.replace('install', 'install --no-cache-dir'));
  const clean = text.replace('none', '"0"').replace(/ {2}c:[\s\S]*/, '');
  expect(await editor.type([{ text: clean.replace('flask', '--no-cache-dir flask') }])).toEqual([]);
  expect(await editor.type([{ text: 'services: [' }])).toHaveLength(1);
  await editor.close();
});

test('bake files', async () => {
  const text = 'target "a" {\n  dockerfile-inline = <<-EOT\n    FROM debian:12\n    RUN sudo x\n    USER 1\n  EOT\n}\n';
  editor = new Editor({}, 'docker-bake.hcl', 'hcl');
  expect((await editor.open(text)).map(({ code, range }) => [code, range.start])).toEqual([['sudo', at(3, 8)]]);
  await editor.close();
});

test('a configuration that changes is heeded at once', async () => {
  editor = new Editor({ Dockerfile: '' });
  expect(await editor.open(sick)).toHaveLength(1);
  writeFileSync(join(editor.folder.path, '.dlint.yaml'), 'rules:\n  pip-cache: off\n');
  await editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [] });
  expect(await editor.again()).toEqual([]);
  await editor.close();
});

test('any text, and a broken configuration, do not end it', async () => {
  editor = new Editor({ Dockerfile: '', '.dlint.yaml': 'rules: [\n' });
  expect(await editor.open(sick)).toEqual([]);
  writeFileSync(join(editor.folder.path, '.dlint.yaml'), '');
  await editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [] });
  expect(await editor.again()).toHaveLength(1);
  for (const text of ['', '\0\0', 'FROM', 'RUN <<EOF', 'FROM a\r\nRUN "', '😀'.repeat(999)])
    await editor.type([{ text }]);
  expect(await editor.type([{ text: sick }])).toHaveLength(1);
  expect(await editor.close()).toBe(0);
});
