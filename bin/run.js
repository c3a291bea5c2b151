#!/usr/bin/env node
// Loads dist/ with the code cache that the build made for this V8: compiling takes longer than linting a file. Under
// another V8 it is Node's own compile cache, which knows less.
const { existsSync, readFileSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');
const { Script } = require('node:vm');

/**
 * A way to load the files of a folder as CommonJS modules; `loaded` has those that were. `shown` is the folder's name in
 * stack traces, which a code cache keeps.
 */
function openFolder(dist, shown = dist) {
  const loaded = new Map();

  /** `name` is `main.cjs`, `./inspect.cjs` or an absolute path. */
  function load(name) {
    const file = name.startsWith(dist) ? name : join(dist, name);
    const known = loaded.get(file);
    if (known) return known.module.exports;
    const code = `(function(exports,require,module,__filename,__dirname){${readFileSync(file, 'latin1')}\n})`;
    const cachedData = read(cacheOf(file));
    const script = new Script(code, { filename: shown + file.slice(dist.length), ...(cachedData && { cachedData }) });
    const module = { exports: {}, filename: file, id: file, loaded: true, paths: [], children: [] };
    loaded.set(file, { script, module });
    script.runInThisContext()(module.exports, requireFrom, module, file, dist);
    return module.exports;
  }

  function requireFrom(id) {
    return id.startsWith('./') || id.startsWith(dist) ? load(id) : require(id);
  }
  Object.assign(requireFrom, { main: require.main, resolve: require.resolve, cache: require.cache });
  return { load, loaded };
}

function cacheOf(file) {
  return `${file.slice(0, -4)}.${process.versions.v8}.cache`;
}

function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

if (require.main === module) {
  const dist = join(__dirname, '../dist');
  const argv = process.argv.slice(2);
  if (existsSync(cacheOf(join(dist, 'main.cjs')))) openFolder(dist).load('main.cjs').main(argv);
  else {
    enableCompileCache?.();
    require('../dist/main.cjs').main(argv);
  }
} else module.exports = { openFolder, cacheOf };
