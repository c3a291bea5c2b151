import type { Volatility } from './volatility.ts';

/** The last part of a path, without a `/` at its end. */
export function baseName(path: string): string {
  return path.replace(/\/+$/, '').replace(/^.*\//s, '');
}

/** Files that say what to install, and what one writes once. */
const manifests =
  /^(package.*\.json|.*lock(file)?(\.\w+)?\*?|.*[._-]lock\*?|npm-shrinkwrap\.json|requirements.*|constraints.*|pyproject\.toml.*|setup\.(py|cfg)|Pipfile.*|go\.(mod|sum|work).*|Cargo\..*|Gemfile.*|.*\.gemspec|composer\..*|pom\.xml|.*\.gradle(\.kts)?\*?|gradle.*|.*\.(cs|fs|vb)proj|.*\.sln|mix\.exs|build\.(rs|sbt|zig|xml)|project\.clj|Package\.swift|pubspec.*|shard.*|environment.*\.ya?ml.*|.*\.config\.[cm]?[jt]s|.*conf(ig)?\.(py|php|js|rb)|settings.*\.py|.*config[^/]*\.\w+|Rakefile|rebar\.config|recipe\.json|conanfile\..*|vcpkg.*\.json|cpanfile.*|.*\.(opam|cabal|nimble)|gleam\.toml|deno\.jsonc?|(Project|Manifest)\.toml|MODULE\.bazel|deps\.edn|pixi\.toml|stack\.yaml|DESCRIPTION)$/i;

/** Endings of what people edit all day. Shell scripts are not among them: those that a Dockerfile copies serve the build. */
const sourceFile =
  /\.(go|[cm]?[jt]sx?|vue|svelte|py|rb|php|java|kt|scala|clj|rs|c|cc|cpp|cxx|h|hpp|cs|fs|swift|exs?|erl|hs|ml|cr|nim|zig|d|dart|lua|pl|pm|jl)\*?$/;

/** Folders of settings, scripts for the build and the like: what they hold changes seldom. */
const settled =
  /^(\.?(conf(ig(s|uration)?)?|etc|docker|devcontainer|ci|github|build|scripts?|library-scripts|bin|tools?|hack|rootfs|root|overlay|files|patches.*|keys|gpg-keys|certs?|certificates|ssl|tls|secrets?|yarn|mvn|cargo|gradle|requirements|deps|dependencies|vendor|third[_-]party|node_modules|wheels?|fonts?|licenses?|nginx|deploy|postgresql|mysql|sql|db|s6|services?|cont-init\.d|usr|opt|var|tmp|data|fixtures?|lua|php|home|systemd|supervisor.*|cron.*))$/i;

/** The whole context, or everything in a folder that is `.`. */
const wholeTree = /^(\.?\/*|\.\/\.|(\.?\/)?\*{1,2})$/;

/** Names of folders with sources in them. Other names without an ending may be a file as well: only `/` tells. */
const sourceFolder =
  /^(src|app|apps|lib|libs|cmd|pkg|internal|packages|sources?|code|server|client|frontend|backend|web|api|views|templates|components|pages)$/i;

/** How often a path of the build context changes, as far as its name tells. */
export function pathVolatility(path: string): Volatility {
  if (isWholeTree(path)) return 'source-change';
  const parts = path
    .replace(/^(\.?\/)+/, '')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  const name = parts.at(-1) ?? '';
  if (parts.length > 1 && settled.test(parts[0] ?? '')) return 'dependency-change';
  if (/^\*{1,2}$/.test(name)) return settled.test(parts.at(-2) ?? '') ? 'dependency-change' : 'source-change';
  if (manifests.test(name) || settled.test(name)) return 'dependency-change';
  const isFolder = /\/\.?$/.test(path) || sourceFolder.test(name);
  return isFolder || sourceFile.test(name) ? 'source-change' : 'dependency-change';
}

/** `.`, `./`, `*`: everything there is. */
export function isWholeTree(path: string): boolean {
  return wholeTree.test(path);
}

/**
 * Folders that hold nothing but installed dependencies, and the files that list them: `out/json` is what `turbo prune
 * --docker` makes of them.
 */
export function isDependencyPath(path: string): boolean {
  const name = baseName(path);
  return (
    /(^|\/)out\/json\/?$/.test(path) ||
    /^(node_modules|vendor|\.?venv|env|site-packages|dist-packages|wheels?|\.m2|deps|bower_components)$/.test(name) ||
    manifests.test(name)
  );
}

/** Whether a path is another one or lies in it; both absolute and normalized. */
export function isInside(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}
