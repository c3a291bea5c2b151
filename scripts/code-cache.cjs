// node scripts/code-cache.cjs FOLDER ARGUMENTS…: runs a command line in this process, and writes the code cache of every
// file of the bundle in FOLDER that it loaded and that has none yet (bin/run.js reads them). After the run, because then
// what the run compiled is in the cache, too.
const { existsSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { cacheOf, openFolder } = require('../bin/run.js');

const [folder, ...argv] = process.argv.slice(2);
const { load, loaded } = openFolder(folder, join(__dirname, '../dist'));
process.on('exit', () => {
  process.exitCode = 0;
  for (const [file, { script }] of loaded) {
    if (!existsSync(cacheOf(file))) writeFileSync(cacheOf(file), script.createCachedData());
  }
});
load('main.cjs').main(argv);
