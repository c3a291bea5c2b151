import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { DlintError } from '../errors.ts';
import type { Rule } from '../lint/rule.ts';
import { shownPath } from './config-file.ts';
import { ruleProblem } from './plugin-rule.ts';

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
        rules.set(rule.id, rule);
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
  let module: unknown;
  try {
    module = await import(path);
  } catch (cause) {
    throw failure(request, firstLine(cause), `it must run in Node ${process.version}: node ${shownPath(path)}`, cause);
  }
  return defaultOf(defaultOf(module));
}

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
