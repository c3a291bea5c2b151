import { parseToml } from './formats/toml.ts';
import { isRecord } from './json.ts';
import { beside, members } from './lock.ts';
import type { FileView, KeptFile, Scope } from './package.ts';
import { requiredName, tableOf } from './pypi-names.ts';
import { normalizeName } from './python-metadata.ts';

/**
 * What the pyproject.toml beside a lock file asks for, by normalised name: `[project]` (PEP 621), `[dependency-groups]`
 * (PEP 735), and the tables of poetry and pdm. Undefined where there is none, or none that is TOML.
 */
export function requiredByProject(file: KeptFile, view: FileView): Map<string, Scope> | undefined {
  const manifest = view.get(beside(file, 'pyproject.toml'));
  if (!manifest) return undefined;
  let document: unknown;
  try {
    document = parseToml(manifest.text());
  } catch {
    return undefined;
  }
  const required = new Map<string, Scope>();
  const add = (name: string | undefined, scope: Scope) => {
    if (name && name !== 'python' && !required.has(name)) required.set(name, scope);
  };
  const project = tableOf(document, 'project');
  const poetry = tableOf(document, 'tool', 'poetry');
  for (const one of listOf(project.dependencies)) add(requiredName(one), 'production');
  for (const [name, value] of members(poetry.dependencies)) {
    add(normalizeName(name), isRecord(value) && value.optional === true ? 'optional' : 'production');
  }
  for (const [, list] of members(project['optional-dependencies'])) {
    for (const one of listOf(list)) add(requiredName(one), 'optional');
  }
  const groups = [
    ...members(tableOf(document, 'dependency-groups')).flatMap(([, list]) => listOf(list).map(requiredName)),
    ...members(tableOf(document, 'tool', 'pdm', 'dev-dependencies')).flatMap(([, list]) =>
      listOf(list).map(requiredName),
    ),
    ...members(poetry['dev-dependencies']).map(([name]) => normalizeName(name)),
    ...members(poetry.group).flatMap(([, group]) =>
      members(tableOf(group, 'dependencies')).map(([name]) => normalizeName(name)),
    ),
  ];
  for (const name of groups) add(name, 'development');
  return required;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
