import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { DlintError } from '../errors.ts';
import type { Rule } from '../lint/rule.ts';
import { version } from '../version.ts';
import { shownPath } from './config-file.ts';
import { guarded, ruleProblem } from './plugin-rule.ts';
import { wantedVersion } from './plugin-version.ts';

/** A plugin as a configuration names it. */
export interface PluginRequest {
  readonly name: string;
  /** The file that names it. */
  readonly from: string;
  /** `FILE:LINE:COLUMN`. */
  readonly where: string;
}

/** Loads plugins one after the other; one that cannot be loaded is told of, and does not stop the others. */
export async function loadPlugins(
  requests: readonly PluginRequest[],
  own: readonly Rule[],
): Promise<{ readonly rules: readonly Rule[]; readonly errors: readonly DlintError[] }> {
  const errors: DlintError[] = [];
  const rules = new Map<string, Rule>();
  const taken = new Set(own.flatMap(({ id, aliases = [] }) => [id, ...aliases]).map((name) => name.toLowerCase()));
  const loaded = new Set<string>();
  for (const request of requests) {
    try {
      const path = find(request);
      if (loaded.has(path)) continue;
      loaded.add(path);
      for (const rule of checked(await load(path, request), request)) {
        const twice = [rule.id, ...(rule.aliases ?? [])].find((name) => taken.has(name.toLowerCase()));
        if (twice !== undefined) throw failure(request, `the name ${twice} of its rule is taken`, 'call it otherwise');
        rules.set(rule.id, guarded(rule));
        for (const name of [rule.id, ...(rule.aliases ?? [])]) taken.add(name.toLowerCase());
      }
    } catch (error) {
      if (!(error instanceof DlintError)) throw error;
      errors.push(error);
    }
  }
  return { rules: [...rules.values()], errors };
}

function find(request: PluginRequest): string {
  const { name, from } = request;
  if (/^\.{0,2}[/\\]/.test(name)) return resolve(dirname(from), name);
  try {
    return createRequire(from).resolve(name);
  } catch (cause) {
    const hint = `npm install --save-dev ${name}, or ./${name} for a file beside the configuration`;
    throw failure(request, 'there is no such package', hint, cause);
  }
}

async function load(path: string, request: PluginRequest): Promise<unknown> {
  const problem = refusal(path);
  if (problem) throw failure(request, ...problem);
  let module: unknown;
  try {
    module = await import(path);
  } catch (cause) {
    const code = (cause as { readonly code?: unknown } | undefined)?.code;
    const [what, hint] = explained.get(code) ?? [
      firstLine(cause),
      `it must run in Node ${process.version}: node ${shownPath(path)}`,
    ];
    throw failure(request, what, hint, cause);
  }
  return defaultOf(defaultOf(module));
}

const compile = 'compile it to JavaScript, or use Node 22.18 or later, which read it outside of node_modules';

/** Why a module need not be tried. */
function refusal(path: string): readonly [what: string, hint: string] | undefined {
  const wanted = wantedVersion(path, version);
  if (wanted !== undefined) {
    const hint = 'another version of one of them: peerDependencies in its package.json';
    return [`it is made for dlint ${wanted}, and this is ${version}`, hint];
  }
  // Node strips types from 22.18 on.
  const strips = Boolean((process.features as { readonly typescript?: unknown }).typescript);
  return /\.[cm]?ts$/.test(path) && !strips ? ['it is TypeScript, which this Node does not read', compile] : undefined;
}

/** Errors of Node that say what to do in words of Node. */
const explained: ReadonlyMap<unknown, readonly [what: string, hint: string]> = new Map([
  [
    'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
    ['it is TypeScript in node_modules, which Node does not read', compile],
  ],
  [
    'ERR_REQUIRE_ASYNC_MODULE',
    ['it waits (await) outside of functions', 'a plugin is loaded at once: wait inside of functions'],
  ],
]);

/** The default export; of CommonJS it is `module.exports`, or its `default`. */
function defaultOf(module: unknown): unknown {
  return typeof module === 'object' && module !== null && 'default' in module ? module.default : module;
}

function checked(exported: unknown, request: PluginRequest): readonly Rule[] {
  const all: readonly unknown[] = Array.isArray(exported) ? exported : [exported];
  for (const [i, each] of all.entries()) {
    const problem = ruleProblem(each);
    if (problem === undefined) continue;
    const which = Array.isArray(exported) ? `rule ${i + 1} of its list: ` : '';
    throw failure(request, which + problem, 'its default export is a rule or a list of rules: docs/writing-rules.md');
  }
  return all as readonly Rule[];
}

function failure({ name, where }: PluginRequest, what: string, hint: string, cause?: unknown): DlintError {
  return new DlintError('E_PLUGIN', `plugin ${name}: ${what}`, { where, hint, cause });
}

function firstLine(thrown: unknown): string {
  const { name = 'Error', message = String(thrown) } = thrown instanceof Error ? thrown : {};
  return `${name === 'Error' ? '' : `${name}: `}${message.split('\n', 1)[0]}`;
}
