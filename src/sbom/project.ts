import { parseToml } from './formats/toml.ts';
import { isRecord, parseJson, stringOf } from './json.ts';
import { expressionOf } from './license.ts';
import { npmLicense } from './npm-manifest.ts';
import { npmPurl } from './npm-names.ts';
import type { FileView } from './package.ts';
import { type PurlParts, tryPurl } from './purl.ts';
import { pypiPurl, tableOf } from './pypi-names.ts';

/** What a project's manifest says it is. */
export interface Project {
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  /** SPDX expression. */
  readonly license?: string;
}

interface Stated {
  readonly name: string | undefined;
  readonly version?: string | undefined;
  readonly purl?: PurlParts | undefined;
  readonly license?: string | undefined;
}

/** In the order in which they are asked. */
const MANIFESTS: Readonly<Record<string, (text: string) => Stated>> = {
  'package.json': fromPackageJson,
  'pyproject.toml': fromPyproject,
  'Cargo.toml': fromCargo,
  'go.mod': fromGo,
  'composer.json': fromComposer,
  'pubspec.yaml': (text) => ({ name: line(text, 'name'), version: line(text, 'version') }),
};

export const PROJECT_FILES: readonly string[] = Object.keys(MANIFESTS);

/** The project whose manifest lies at the root: the first that has a name. */
export function projectOf(view: FileView): Project | undefined {
  for (const [path, read] of Object.entries(MANIFESTS)) {
    const file = view.get(path);
    if (!file) continue;
    try {
      const { name, version, purl, license } = read(file.text());
      if (!name) continue;
      const text = purl && tryPurl(purl);
      return {
        name,
        ...(version ? { version } : {}),
        ...(text ? { purl: text } : {}),
        ...(license ? { license } : {}),
      };
    } catch {
      // Not the format that its name says; the folder has a name of its own.
    }
  }
  return undefined;
}

function fromPackageJson(text: string): Stated {
  const manifest = parseJson(text);
  if (!isRecord(manifest)) return { name: undefined };
  const name = stringOf(manifest.name);
  const version = stringOf(manifest.version);
  const purl = name ? npmPurl(name, version ?? '') : undefined;
  return { name, version, purl, license: npmLicense(manifest).concludedLicense };
}

function fromPyproject(text: string): Stated {
  const document = parseToml(text);
  const project = tableOf(document, 'project');
  const poetry = tableOf(document, 'tool', 'poetry');
  const name = stringOf(project.name) ?? stringOf(poetry.name);
  const version = stringOf(project.version) ?? stringOf(poetry.version);
  const license = stringOf(project.license) ?? stringOf(tableOf(project.license).text) ?? stringOf(poetry.license);
  return {
    name,
    version,
    purl: name ? pypiPurl(name, version ?? '') : undefined,
    license: license && expressionOf(license),
  };
}

function fromCargo(text: string): Stated {
  const document = parseToml(text);
  const crate = tableOf(document, 'package');
  const shared = tableOf(document, 'workspace', 'package');
  const name = stringOf(crate.name);
  const version = stringOf(crate.version) ?? stringOf(shared.version);
  const license = stringOf(crate.license) ?? stringOf(shared.license);
  return {
    name,
    version,
    purl: name ? { type: 'cargo', name, version: version ?? null } : undefined,
    license: license && expressionOf(license),
  };
}

function fromGo(text: string): Stated {
  const [, path = ''] = /^module\s+"?([^\s"]+)/m.exec(text) ?? [];
  const at = path.lastIndexOf('/');
  return { name: path, purl: { type: 'golang', namespace: path.slice(0, Math.max(at, 0)), name: path.slice(at + 1) } };
}

function fromComposer(text: string): Stated {
  const manifest = parseJson(text);
  if (!isRecord(manifest)) return { name: undefined };
  const name = stringOf(manifest.name);
  const version = stringOf(manifest.version);
  const [, namespace, base] = /^([^/]+)\/([^/]+)$/.exec(name ?? '') ?? [];
  const license = stringOf(manifest.license);
  return {
    name,
    version,
    purl: namespace && base ? { type: 'composer', namespace, name: base, version: version ?? null } : undefined,
    license: license && expressionOf(license),
  };
}

/** A scalar at the margin of a YAML file. */
function line(text: string, key: string): string | undefined {
  return new RegExp(`^${key}:[ \\t]*["']?([^\\s"'#]+)`, 'm').exec(text)?.[1];
}
