#!/usr/bin/env node
// Runs the sources as they are, without a build. tsx has to be there for dynamic imports, too, hence a process of its own.
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const main = pathToFileURL(join(__dirname, '../src/main.ts')).href;
const run = `import(${JSON.stringify(main)}).then(({ main }) => main(process.argv.slice(2)))`;
const { status } = spawnSync(
  process.execPath,
  // A word before the command: as the first one, `inspect` would start Node's debugger.
  ['--import', require.resolve('tsx'), '-e', run, '--', 'dlint', ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
process.exitCode = status ?? 2;
