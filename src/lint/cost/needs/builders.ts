import type { Command } from '../../shell.ts';
import { compile, compileWith, install, installOf, type Need } from './need.ts';

/** Programs that build what has been copied. */
const builders =
  /^(make|cmake|ninja|meson|gcc|g\+\+|cc|c\+\+|clang|clang\+\+|javac|tsc|webpack|vite|mvnw?|gradlew?|ant|sbt|bazel|msbuild|rustc|ng|next|dune|stack|cabal|crystal|shards|dub|nimble|swift|zig|mix|lein|rebar3|grunt|gulp)$/;

/** Maven, Gradle, .NET, and what builds from sources. */
export function builderNeed(command: Command): Need | undefined {
  const { name, words } = command;
  const operands = words.slice(1).filter(({ text }) => !text.startsWith('-'));
  const first = operands[0]?.text ?? '';
  if (name === 'dotnet') return dotnetNeed(command);
  if (name === 'mvnw' && /^dependency:(go-offline|resolve)/.test(first))
    return withWrapper(name, installOf('mvn', 'pom.xml'));
  if (/^gradlew?$/.test(name) && /^(:?dependencies|downloadDependencies|resolveDependencies)$/.test(first))
    return withWrapper(name, installOf('gradle', '*.gradle*'));
  if (/^mvnw?$/.test(name) && operands.some(({ text }) => /^(package|install|verify|compile)$/.test(text)))
    return isOffline(command)
      ? compile
      : withWrapper(name, compileWith('mvn', `${words[0]?.text} dependency:go-offline`, '~/.m2', 'pom.xml'));
  if (/^gradlew?$/.test(name)) {
    const fetch = `${words[0]?.text} dependencies`;
    if (isOffline(command)) return compile;
    return withWrapper(name, compileWith('gradle', fetch, '~/.gradle', '*.gradle*', 'gradle.properties*'));
  }
  return builders.test(name) ? compile : undefined;
}

/** The wrappers `mvnw` and `gradlew` are files of the tree with a folder beside them; Gradle's version catalogue lies there, too. */
function withWrapper(name: string, need: Need): Need {
  if (name === 'mvn') return need;
  return {
    ...need,
    besides: name === 'gradle' ? 'with the folder gradle, if there is one' : `with ${name} and its folder`,
  };
}

function isOffline({ words }: Command): boolean {
  return words.some(({ text }) => text === '-o' || text === '--offline');
}

/** Options of dotnet build, publish and restore that take a value (dotnet-build(1)). */
const dotnetValued =
  /^(-c|--configuration|-o|--output|-r|--runtime|-f|--framework|-a|--arch|--os|-v|--verbosity|-s|--source|--version-suffix|--configfile|--packages)$/;

function dotnetNeed({ words }: Command): Need | undefined {
  const [first = '', operand] = words
    .slice(1)
    .map(({ text }) => text)
    .filter((text, i) => !/^[-/][A-Za-z-]/.test(text) && !dotnetValued.test(words[i]?.text ?? ''));
  if (first === 'tool') return dotnetTool(operand);
  if (first === 'workload') return operand === 'install' ? install('never') : undefined;
  if (first === 'restore') {
    const isProject = operand !== undefined && /\.(cs|fs|vb)proj$/.test(operand);
    // A solution names projects, which are read as well.
    const isSolution = operand !== undefined && !isProject;
    return {
      ...installOf('dotnet', isProject ? operand : '*.*proj'),
      ...(isSolution ? { besides: `with every project that ${operand} names, each in its folder` } : {}),
    };
  }
  if (!/^(build|publish|test|pack|run)$/.test(first)) return undefined;
  const isRestored = words.some(({ text }) => /^--no-(restore|build)$/.test(text));
  const isSolution = operand !== undefined && /\.slnx?$/.test(operand);
  if (isRestored || isSolution || operand?.includes('$')) return compile;
  const isProject = operand !== undefined && /\.(cs|fs|vb)proj$/.test(operand);
  const manifest = operand === undefined ? '*.*proj' : isProject ? operand : `${operand.replace(/\/+$/, '')}/*.*proj`;
  return compileWith('dotnet', 'dotnet restore', '~/.nuget/packages', manifest);
}

function dotnetTool(operand: string | undefined): Need | undefined {
  if (operand === 'restore') return installOf('dotnet-tool', '.config/dotnet-tools.json');
  return operand === 'install' ? install('never') : undefined;
}
