// What is packed: the extension in one file, the schema of .dlint.yaml, the licence.
const { copyFileSync } = require('node:fs');
const { join } = require('node:path');
const { buildSync } = require('esbuild');

const root = join(__dirname, '../..');
copyFileSync(join(root, 'docs/schemas/config.json'), join(__dirname, 'config.schema.json'));
copyFileSync(join(root, 'LICENSE'), join(__dirname, 'LICENSE'));
buildSync({
  entryPoints: [join(__dirname, 'extension.js')],
  outfile: join(__dirname, 'dist/extension.js'),
  bundle: true,
  minify: true,
  platform: 'node',
  // That of VS Code 1.91.
  target: 'node20.14',
  external: ['vscode'],
  legalComments: 'linked',
});
