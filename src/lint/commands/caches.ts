import type { Span } from '../../report/finding.ts';
import type { Step } from '../semantic/model.ts';
import type { Command } from '../shell.ts';
import { flag, type Invocation } from './arguments.ts';
import { cargo, composer, go, poetry } from './languages.ts';
import { bun, npm, pnpm, yarn } from './node.ts';
import { pip, uv } from './pip.ts';

/** What a command of a language's package manager or build tool keeps for the next time. */
export interface ToolCache {
  readonly tool: string;
  /** From the tool's name to its subcommand. */
  readonly head: Span;
  /** Absolute, as root and the official images have them, moved by the variables that are known. */
  readonly folders: readonly string[];
}

type Reading = Pick<Invocation, 'tool' | 'subcommand' | 'head'>;

interface Tool {
  readonly read: (command: Command) => Reading | undefined;
  readonly fills: RegExp;
  readonly caches: readonly Cache[];
}

interface Cache {
  readonly folder: string;
  /** The variable that moves it. */
  readonly variable?: string;
  /** Where it is below the variable's folder. */
  readonly below?: string;
}

const modules: Cache = { folder: '/go/pkg/mod', variable: 'GOMODCACHE' };
const objects: Cache = { folder: '/root/.cache/go-build', variable: 'GOCACHE' };

const tools: readonly Tool[] = [
  { read: go, fills: /^mod download$/, caches: [modules] },
  { read: go, fills: /^(build|install|test|run|get|generate)$/, caches: [modules, objects] },
  {
    read: cargo,
    fills: /^(build|install|test|run|fetch|chef)$/,
    caches: [{ folder: '/usr/local/cargo/registry', variable: 'CARGO_HOME', below: '/registry' }],
  },
  { read: npm, fills: /^(install|ci)$/, caches: [{ folder: '/root/.npm', variable: 'npm_config_cache' }] },
  {
    read: yarn,
    fills: /^(install|add)$/,
    caches: [{ folder: '/usr/local/share/.cache/yarn', variable: 'YARN_CACHE_FOLDER' }],
  },
  { read: pnpm, fills: /^(install|add|fetch)$/, caches: [{ folder: '/root/.local/share/pnpm/store' }] },
  { read: bun, fills: /^(install|add)$/, caches: [{ folder: '/root/.bun/install/cache' }] },
  { read: pip, fills: /^(install|wheel)$/, caches: [{ folder: '/root/.cache/pip', variable: 'PIP_CACHE_DIR' }] },
  {
    read: uv,
    fills: /^(sync|pip install|tool install)$/,
    caches: [{ folder: '/root/.cache/uv', variable: 'UV_CACHE_DIR' }],
  },
  { read: poetry, fills: /^install$/, caches: [{ folder: '/root/.cache/pypoetry', variable: 'POETRY_CACHE_DIR' }] },
  {
    read: composer,
    fills: /^(install|update|require)$/,
    caches: [{ folder: '/root/.cache/composer', variable: 'COMPOSER_CACHE_DIR' }],
  },
  { read: program(/^mvnw?$/), fills: /./, caches: [{ folder: '/root/.m2' }] },
  { read: program(/^gradlew?$/), fills: /./, caches: [{ folder: '/root/.gradle', variable: 'GRADLE_USER_HOME' }] },
  {
    read: program(/^dotnet$/),
    fills: /^(restore|build|publish|test)$/,
    caches: [{ folder: '/root/.nuget/packages', variable: 'NUGET_PACKAGES' }],
  },
];

/** The caches that a command fills; undefined for other commands, and where its cache is switched off. */
export function toolCache(command: Command, step: Step): ToolCache | undefined {
  for (const { read, fills, caches } of tools) {
    const found = read(command);
    if (!found || !fills.test(found.subcommand)) continue;
    if (isSwitchedOff(command, step)) return undefined;
    return { tool: found.tool, head: found.head, folders: caches.map((cache) => folderOf(cache, step)) };
  }
  return undefined;
}

/** A tool that has no reader of its own: its first operand is taken for the subcommand. */
function program(names: RegExp): Tool['read'] {
  return ({ name, words }) => {
    const [tool, ...rest] = words;
    if (!tool || !names.test(name)) return undefined;
    return { tool: name, subcommand: rest.find(({ text }) => !text.startsWith('-'))?.text ?? '', head: tool.span };
  };
}

function folderOf({ folder, variable, below = '' }: Cache, step: Step): string {
  const moved = variable === undefined ? undefined : step.env.get(variable)?.value;
  return moved === undefined ? folder : `${moved}${below}`;
}

function isSwitchedOff(command: Command, step: Step): boolean {
  if (flag(command, '--no-cache-dir', '--no-cache')) return true;
  return ['PIP_NO_CACHE_DIR', 'UV_NO_CACHE', 'POETRY_NO_CACHE'].some((name) => {
    const own = command.assignments.find((each) => each.name === name)?.value?.text;
    return /^(1|y|yes|t|true|on)$/i.test(own ?? step.env.get(name)?.value ?? '');
  });
}
