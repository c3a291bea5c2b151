/** Names of folders that programs make on the developer's machine, whoever they belong to. */
const always =
  /^(\.git|\.hg|\.svn|node_modules|bower_components|\.venv|__pycache__|\.(pytest|mypy|ruff|parcel|npm|pnpm|uv)[_-](cache|store)|\.tox|\.nox|\.gradle|\.terraform|\.next|\.nuxt|\.svelte-kit|\.angular|\.turbo|\.nx|\.yarn-cache|\.bundle|\.stack-work|\.dart_tool|\.idea|\.vs|\.vscode)$/;

/** Folders with common names, told by what stands beside them. */
const byNeighbour: readonly (readonly [name: string, neighbours: readonly string[]])[] = [
  ['target', ['Cargo.toml', 'pom.xml', 'build.sbt']],
  ['_build', ['mix.exs', 'rebar.config', 'dune-project']],
  ['deps', ['mix.exs']],
  ['.build', ['Package.swift']],
  ['dist-newstyle', ['cabal.project']],
  ['venv', ['requirements.txt', 'pyproject.toml', 'setup.py', 'Pipfile']],
  ['env', ['requirements.txt', 'setup.py']],
];

/** Whether a folder of a build context is of no use to a build: history, installed dependencies, caches. */
export function isNeedlessFolder(name: string, siblings: ReadonlySet<string>): boolean {
  if (always.test(name)) return true;
  return byNeighbour.some(([known, neighbours]) => known === name && neighbours.some((each) => siblings.has(each)));
}

/** The line of a `.dockerignore` for such a folder: wherever it is, for what is in many places. */
export function ignoreLine(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^(node_modules|bower_components|__pycache__|\.venv|\.\w+_cache)$/.test(name)) return `**/${name}`;
  return path;
}
