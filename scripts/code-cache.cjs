// Runs a command line in this process and writes the code cache of every file of dist/ that it loaded and that has
// none yet (bin/run.js reads them). After the run, because then what the run compiled is in the cache, too.
const { existsSync, writeFileSync } = require('node:fs');
const { cacheOf, load, loaded } = require('../bin/run.js');

load('main.cjs')
  .main(process.argv.slice(2))
  .then(() => {
    process.exitCode = 0;
    for (const [file, { script }] of loaded) {
      if (!existsSync(cacheOf(file))) writeFileSync(cacheOf(file), script.createCachedData());
    }
  });
