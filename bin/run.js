#!/usr/bin/env node
// Loads dist/ with the code cache that the build made for this V8: compiling takes longer than linting a file. Under
// another V8 it is Node's own compile cache, which knows less.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const head = Buffer.from('(function(exports,require,module,__filename,__dirname){');
const tail = Buffer.from('\n})');

/**
 * A way to load the files of a folder as CommonJS modules; `loaded` has those that were. `shown` is the folder's name in
 * stack traces, which a code cache keeps.
 */
function openFolder(dist, shown = dist) {
  const loaded = new Map();
  const caches = new Map();

  /** Whether the build made a code cache of a file for this V8; `load` uses what is read here. */
  function hasCache(name) {
    const file = join(dist, name);
    const cache = read(cacheOf(file));
    if (cache) caches.set(file, cache);
    return cache !== undefined;
  }

  /** `name` is `main.cjs`, `./inspect.cjs` or an absolute path. */
  function load(name) {
    const file = name.startsWith(dist) ? name : join(dist, name);
    const known = loaded.get(file);
    if (known) return known.module.exports;
    // One string from the start: joined strings are copied, and the young generation has room for one of this size.
    const code = Buffer.concat([head, readFileSync(file), tail]).latin1Slice();
    const cachedData = caches.get(file) ?? read(cacheOf(file));
    const script = new Script(code, { filename: shown + file.slice(dist.length), ...(cachedData && { cachedData }) });
    const module = { exports: {}, filename: file, id: file, loaded: true, paths: [], children: [] };
    // The bytes of the cache are kept: giving them back takes a millisecond that a short run can spare.
    loaded.set(file, { script, module, cachedData });
    script.runInThisContext()(module.exports, requireFrom, module, file, dist);
    return module.exports;
  }

  function requireFrom(id) {
    return id.startsWith('./') || id.startsWith(dist) ? load(id) : require(id);
  }
  Object.assign(requireFrom, { main: require.main, resolve: require.resolve, cache: require.cache });
  return { load, loaded, hasCache };
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
  const folder = openFolder(dist);
  if (folder.hasCache('main.cjs')) folder.load('main.cjs').main(argv);
  else {
    require('node:module').enableCompileCache?.();
    require('../dist/main.cjs').main(argv);
  }
} else module.exports = { openFolder, cacheOf };
