import type { Command } from '../../shell.ts';
import { compile, compileWith, install, installOf, type Need } from './need.ts';

/** What a tool reads when it installs, and what it fetches when it builds. */
interface Tool {
  readonly programs: readonly string[];
  /** Matched against the arguments: fetches what the manifests say, and no more. */
  readonly installs?: RegExp;
  /** Fetches what is named in the command. */
  readonly names?: RegExp;
  /** Builds the sources, and fetches before that. */
  readonly builds?: RegExp;
  /** As in `Need`; one that ends in `/` is a folder. */
  readonly manifests: readonly string[];
  /** What fetches alone, and where it keeps that. */
  readonly fetch?: readonly [command: string, cache: string];
  readonly besides?: string;
}

/** The arguments start with one of these words, options in front of it aside. */
function first(words: string): RegExp {
  return new RegExp(`^(-\\S* )*(${words})( |$)`);
}

const tools: readonly Tool[] = [
  {
    programs: ['mix'],
    installs: /^(do )?deps\.get\b/,
    names: first('local\\.hex|local\\.rebar|archive\\.install hex'),
    manifests: ['mix.exs', 'mix.lock*'],
  },
  { programs: ['mvn'], installs: /(^| )dependency:(go-offline|resolve)/, manifests: ['pom.xml'] },
  { programs: ['dart', 'flutter'], installs: first('pub (get|upgrade)'), manifests: ['pubspec.*'] },
  { programs: ['shards'], installs: first('install'), manifests: ['shard.yml', 'shard.lock*'] },
  {
    programs: ['lein'],
    installs: first('deps'),
    builds: /\b(uberjar|jar|compile|run|test|ring|with-profiles?)\b/,
    manifests: ['project.clj'],
    fetch: ['lein deps', '~/.m2'],
  },
  {
    programs: ['clojure', 'clj'],
    installs: /(^| )-P( |$)/,
    builds: /(^| )-[TMX]/,
    manifests: ['deps.edn'],
    fetch: ['clojure -P', '~/.m2'],
  },
  {
    programs: ['sbt'],
    installs: first('update'),
    builds: /\b(assembly|compile|stage|package|packageBin|dist|test|run|publishLocal|nativeImage)\b/,
    manifests: ['build.sbt', 'project/'],
    fetch: ['sbt update', '~/.cache/coursier'],
  },
  {
    programs: ['swift'],
    installs: /^package (.* )?(resolve|update)\b/,
    builds: first('build|test|run'),
    manifests: ['Package.swift', 'Package.resolved*'],
    fetch: ['swift package resolve', '~/.cache/org.swift.swiftpm'],
  },
  {
    programs: ['rebar3'],
    installs: first('get-deps|deps'),
    builds: first('compile|release|tar|escriptize|as'),
    manifests: ['rebar.config', 'rebar.lock*'],
    fetch: ['rebar3 get-deps', '~/.cache/rebar3'],
  },
  {
    programs: ['gleam'],
    installs: first('deps download'),
    builds: first('build|export|run|test'),
    manifests: ['gleam.toml', 'manifest.toml*'],
    fetch: ['gleam deps download', '~/.cache/gleam'],
  },
  {
    programs: ['stack'],
    installs: /--(only-dependencies|dependencies-only)\b/,
    builds: first('build|install|test'),
    manifests: ['stack.yaml', 'stack.yaml.lock*', 'package.yaml*', '*.cabal*'],
    fetch: ['stack build --only-dependencies', '~/.stack'],
  },
  {
    programs: ['cabal'],
    installs: /--(only-dependencies|dependencies-only)\b/,
    names: first('(v2-|new-)?update'),
    builds: first('(v2-|new-)?(build|install|test)'),
    manifests: ['*.cabal', 'cabal.project*'],
    fetch: ['cabal build --only-dependencies', '~/.cabal'],
  },
  {
    programs: ['nimble'],
    installs: /^(?=.*\binstall\b)(.* )?(-d|--depsOnly)( |$)/,
    names: /^(-\S+ )*install (-\S+ )*\w/,
    builds: first('install|build'),
    manifests: ['*.nimble'],
    fetch: ['nimble install --depsOnly', '~/.nimble'],
  },
  {
    programs: ['deno'],
    installs: /^install( --?(frozen|allow-scripts|quiet|q)\S*)*$/,
    names: /^install .*(-g|--global)/,
    builds: /^install .*--entrypoint/,
    manifests: ['deno.json', 'deno.lock*'],
    fetch: ['deno install', '/deno-dir'],
  },
  {
    programs: ['julia'],
    installs: /\bPkg\.(instantiate|resolve)\b/,
    names: /\bPkg\.add\b/,
    manifests: ['Project.toml', 'Manifest.toml*'],
  },
  {
    programs: ['Rscript', 'R'],
    installs: /\brenv::restore\(/,
    manifests: ['renv.lock'],
    besides: 'with .Rprofile and renv/activate.R, where they install renv',
  },
  { programs: ['Rscript', 'R'], installs: /::(local_)?install(_dev)?_deps\(/, manifests: ['DESCRIPTION'] },
  {
    programs: ['Rscript', 'R'],
    names:
      /\b(install\.packages|BiocManager::install|pak::pkg_install|remotes::install_(version|github|cran|gitlab))\(/,
    manifests: [],
  },
  { programs: ['opam'], installs: /^install .*--deps-only/, names: /^install (-\S+ )*[a-z]/, manifests: ['*.opam'] },
  { programs: ['conan'], installs: /^install (.* )?\.( |$)/, manifests: ['conanfile.*'] },
  {
    programs: ['vcpkg'],
    installs: /^install( -\S+)*$/,
    names: /^install (-\S+ )*\w/,
    manifests: ['vcpkg.json', 'vcpkg-configuration.json*'],
  },
  { programs: ['pixi'], installs: first('install'), manifests: ['pixi.toml', 'pixi.lock*'] },
  { programs: ['spago'], installs: first('install'), manifests: ['spago.*'] },
  { programs: ['carton'], installs: first('install'), manifests: ['cpanfile', 'cpanfile.snapshot*'] },
  { programs: ['cpanm'], installs: /--installdeps( -\S+)* \.\/?( |$)/, manifests: ['cpanfile*'] },
  { programs: ['zig'], installs: /^build .*--fetch/, manifests: ['build.zig', 'build.zig.zon*'] },
  {
    programs: ['lerna'],
    installs: first('bootstrap'),
    manifests: ['package.json', 'lerna.json'],
    besides: 'with the package.json of every package',
  },
  { programs: ['rustup'], names: first('component|target|toolchain|install|update'), manifests: [] },
  { programs: ['hatch'], builds: first('env|build|run'), manifests: [] },
];

const byProgram: ReadonlyMap<string, readonly Tool[]> = new Map(
  tools.flatMap(({ programs }) =>
    programs.map((name) => [name, tools.filter((tool) => tool.programs.includes(name))] as const),
  ),
);

/** Nobody writes more than this before the word that matters. */
const maxText = 300;

/** Tools with few commands of interest: those of Elixir, Erlang, Scala, Clojure, Haskell, Swift, R, Julia and others. */
export function tableNeed({ name, words }: Command): Need | undefined {
  const own = byProgram.get(name);
  if (!own) return undefined;
  const texts = words.slice(1).map(({ text }) => text);
  const text = texts.join(' ').slice(0, maxText);
  for (const tool of own) {
    const found = needIn(tool, name, text);
    if (found) return found;
  }
  return undefined;
}

function needIn(tool: Tool, name: string, text: string): Need | undefined {
  const { installs, names, builds, manifests, fetch, besides } = tool;
  if (installs?.test(text)) return { ...installOf(name, ...manifests), ...(besides === undefined ? {} : { besides }) };
  if (names?.test(text)) return install('never');
  if (!builds?.test(text)) return undefined;
  return fetch ? compileWith(name, ...fetch, ...manifests) : compile;
}
