import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CodeActionKind,
  type Connection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { rules as allRules } from '../../rules/index.ts';
import { isBuildFileName } from '../discover.ts';
import type { Rule } from '../lint/rule.ts';
import type { FileSettings } from '../lint-one-file.ts';
import { LintSettings } from '../lint-settings.ts';
import { version } from '../version.ts';
import { LintedDocument } from './linted-document.ts';
import { lookAtBuilds, lookAtDockerfile } from './look.ts';

/** Keystrokes that follow each other closely are one change. In milliseconds. */
const PAUSE = 10;
/** What decides how a file is linted. */
const CONFIGURATIONS = [
  '**/.dlint.{yaml,yml,json}',
  '**/.hadolint.{yaml,yml}',
  '**/package.json',
  '**/*.dockerignore',
  '**/.dockerignore',
];

interface Chosen {
  readonly settings?: FileSettings;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly errors: readonly string[];
}

/**
 * The language server: diagnostics while somebody types, repairs, hover, completion of rules in comments
 * (Language Server Protocol 3.17). Ends with the connection.
 */
export function serve(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  const linted = new Map<string, { version: number; document: LintedDocument }>();
  const chosen = new Map<string, Promise<Chosen>>();
  const waiting = new Map<string, NodeJS.Timeout>();
  let canWatch = false;

  connection.onInitialize(({ capabilities }: InitializeParams): InitializeResult => {
    canWatch = capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    return {
      serverInfo: { name: 'dlint', version },
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, `${CodeActionKind.SourceFixAll}.dlint`] },
        hoverProvider: true,
        completionProvider: { triggerCharacters: [' ', ',', '='] },
      },
    };
  });
  connection.onInitialized(() => {
    if (!canWatch) return;
    const watchers = CONFIGURATIONS.map((globPattern) => ({ globPattern }));
    void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  });
  connection.onDidChangeWatchedFiles(() => reload());
  connection.onDidChangeConfiguration(() => reload());
  connection.onCodeAction(async ({ textDocument, range, context }) => {
    const document = await lintNow(textDocument.uri);
    const actions = document?.actions(textDocument.uri, range) ?? [];
    const { only } = context;
    return only
      ? actions.filter(({ kind = '' }) => only.some((one) => kind === one || kind.startsWith(`${one}.`)))
      : actions;
  });
  connection.onHover(async ({ textDocument, position }) => (await lintNow(textDocument.uri))?.hover(position) ?? null);
  connection.onCompletion(
    async ({ textDocument, position }) => (await lintNow(textDocument.uri))?.completions(position) ?? [],
  );
  documents.onDidChangeContent(({ document }) => schedule(document.uri));
  documents.onDidClose(({ document: { uri } }) => {
    clearTimeout(waiting.get(uri));
    for (const known of [waiting, linted, chosen]) known.delete(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  });
  documents.listen(connection);
  connection.listen();

  function schedule(uri: string): void {
    clearTimeout(waiting.get(uri));
    waiting.set(
      uri,
      setTimeout(() => void publish(uri).catch((error) => connection.console.error(String(error))), PAUSE),
    );
  }

  async function publish(uri: string): Promise<void> {
    const document = await lintNow(uri);
    const open = documents.get(uri);
    if (!open) return;
    await connection.sendDiagnostics({ uri, version: open.version, diagnostics: document?.diagnostics() ?? [] });
  }

  async function lintNow(uri: string): Promise<LintedDocument | undefined> {
    const open = documents.get(uri);
    if (!open) return undefined;
    const known = linted.get(uri);
    if (known?.version === open.version) return known.document;
    const path = pathOf(uri);
    const found = chosen.get(uri) ?? choose(path);
    chosen.set(uri, found);
    const { settings, rules, errors } = await found;
    for (const error of errors) connection.console.error(error);
    if (!settings) return undefined;
    const source = { path, text: open.getText() };
    const isBuild = open.languageId !== 'dockerfile' && isBuildFileName(basename(path));
    const look = isBuild ? lookAtBuilds(source, settings) : lookAtDockerfile(source, settings);
    const document = new LintedDocument(source, look, rules);
    linted.set(uri, { version: open.version, document });
    return document;
  }

  function reload(): void {
    chosen.clear();
    linted.clear();
    for (const { uri } of documents.all()) schedule(uri);
  }
}

/** As the command line chooses it. A broken configuration is told, and the file is not linted by another. */
async function choose(path: string): Promise<Chosen> {
  // ShellCheck is a process for each change; an editor has an extension of its own for that.
  const settings = new LintSettings({ 'no-shellcheck': true }, allRules);
  const { settings: found, errors } = await settings.choose([path], []);
  const known = found.get(path);
  return {
    ...(known && { settings: known }),
    rules: new Map(
      settings.rules.flatMap((rule) => [rule.id, ...(rule.aliases ?? [])].map((name) => [name, rule] as const)),
    ),
    errors: errors.map(({ error }) => `${error.message}\n${error.where ?? ''}`),
  };
}

/** A file's path; what is not saved yet is as if it lay here. */
function pathOf(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : 'Dockerfile';
}
