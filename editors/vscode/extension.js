const { workspace } = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

let client;

/** Dockerfiles, and compose and bake files, in which Dockerfiles may lie. */
const documentSelector = [
  { language: 'dockerfile' },
  { language: 'dockercompose' },
  { language: 'yaml', pattern: '**/{compose,docker-compose}*.{yml,yaml}' },
  { pattern: '**/{docker-bake*.{json,hcl},bake*.hcl}' },
];

/** Starts `dlint lsp` for what is open of them. */
exports.activate = async () => {
  const command = workspace.getConfiguration('dlint').get('path', 'dlint');
  const server = { command, args: ['lsp', '--stdio'] };
  client = new LanguageClient('dlint', 'dlint', server, { documentSelector });
  await client.start();
};

exports.deactivate = () => client?.stop();
