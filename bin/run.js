#!/usr/bin/env node
// Loads dist/ with the code cache that the build made for this V8: compiling takes longer than linting a file. A cache
// of another V8 or another build is refused by V8, and then everything is compiled as usual.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const dist = join(__dirname, '../dist');
const loaded = new Map();

/** A file of dist/ as a CommonJS module; `name` is `main.cjs`, `./inspect.cjs` or its absolute path. */
function load(name) {
  const file = name.startsWith(dist) ? name : join(dist, name);
  const known = loaded.get(file);
  if (known) return known.module.exports;
  const code = `(function(exports,require,module,__filename,__dirname){${readFileSync(file, 'latin1')}\n})`;
  const cachedData = read(cacheOf(file));
  const script = new Script(code, { filename: file, ...(cachedData && { cachedData }) });
  const module = { exports: {}, filename: file, id: file, loaded: true, paths: [], children: [] };
  loaded.set(file, { script, module });
  script.runInThisContext()(module.exports, requireFrom, module, file, dist);
  return module.exports;
}

function requireFrom(id) {
  return id.startsWith('./') || id.startsWith(dist) ? load(id) : require(id);
}
requireFrom.main = require.main;
requireFrom.resolve = require.resolve;
requireFrom.cache = require.cache;

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

if (require.main === module) load('main.cjs').main(process.argv.slice(2));
else module.exports = { load, loaded, cacheOf };
