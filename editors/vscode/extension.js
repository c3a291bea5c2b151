const { workspace } = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

let client;

/** Starts `dlint lsp` for every Dockerfile that is open. */
exports.activate = async () => {
  const command = workspace.getConfiguration('dlint').get('path', 'dlint');
  const server = { command, args: ['lsp', '--stdio'] };
  client = new LanguageClient('dlint', 'dlint', server, { documentSelector: [{ language: 'dockerfile' }] });
  await client.start();
};

exports.deactivate = () => client?.stop();
