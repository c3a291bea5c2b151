import { webAddress } from '../json.ts';
import { expressionOf } from '../license.ts';
import type { CatalogContext, Cataloger, KeptFile, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

const MAX_ROCKSPEC = 1 << 16;

/** Lua: the rockspec that LuaRocks keeps of each rock. One elsewhere tells of sources. */
const lua: Cataloger = {
  name: 'lua',
  version: 1,
  files: ['**/*.rockspec'],
  *catalog(view, context) {
    for (const file of view.match(...lua.files)) {
      const found = readPackage(file, context);
      if (found) yield found;
    }
  },
};
export default lua;

function readPackage(file: KeptFile, { problem, once }: CatalogContext): Package | undefined {
  const text = once(file, () => (file.bytes.length > MAX_ROCKSPEC ? '' : withoutComments(file.text())));
  const field = (name: string) => {
    const [, , short, long] =
      new RegExp(String.raw`(?:^|[\s{,;])${name}\s*=\s*(?:(["'])(.*?)\1|\[\[([\s\S]*?)\]\])`).exec(text) ?? [];
    return short ?? long;
  };
  const name = field('package');
  const version = field('version');
  const purl = name && version && tryPurl({ type: 'luarocks', name, version });
  if (!name || !version || !purl) {
    problem(file.path, 'no package and version in it');
    return undefined;
  }
  const declared = field('license');
  const isInstalled = /(?:^|\/)rocks[^/]*\//.test(file.path);
  const source = field('url')?.replace(/^git\+/, '');
  return {
    name,
    version,
    purl,
    ecosystem: 'luarocks',
    foundBy: 'lua',
    ...stated({
      declaredLicense: declared,
      concludedLicense: declared && expressionOf(declared.replace(/^MIT\/X11$/i, 'MIT')),
      supplier: supplier(field('maintainer')),
      homepage: webAddress(field('homepage')),
      sourceUrl: webAddress(source),
      description: field('summary')?.slice(0, 500),
    }),
    dependsOn: dependencies(text),
    confidence: isInstalled ? 1 : 0.7,
    evidence: [file.path],
  };
}

/** `"lua >= 5.1", "lpeg"`, without the language itself. */
function dependencies(text: string): string[] {
  const [, list = ''] = /(?:^|\s)dependencies\s*=\s*\{([^{}]*)\}/.exec(text) ?? [];
  const names = [...list.matchAll(/["']\s*([\w.-]+)/g)].map(([, name]) => name as string);
  return names.filter((name) => name !== 'lua');
}

function withoutComments(text: string): string {
  return text.replace(/--\[\[[\s\S]*?\]\]|^[ \t]*--.*$|(?<=[,{}"'\s])--.*$/gm, '');
}

function supplier(text: string | undefined): { name: string; email?: string } | undefined {
  const [, name, email] = /^\s*(.*?)\s*(?:<([^<>\s]+@[^<>\s]+)>)?\s*$/.exec(text ?? '') ?? [];
  return name ? { name, ...(email ? { email } : {}) } : undefined;
}
