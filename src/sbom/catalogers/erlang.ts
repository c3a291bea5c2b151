import { expressionOf } from '../license.ts';
import type { CatalogContext, Cataloger, KeptFile, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

const MAX_RESOURCE = 4 << 20;

/** Erlang and Elixir: the resource file of each compiled application, app(4). */
const erlang: Cataloger = {
  name: 'erlang',
  version: 1,
  files: ['**/ebin/*.app'],
  *catalog(view, context) {
    for (const file of view.match(...erlang.files)) {
      const found = readPackage(file, context);
      if (found) yield found;
    }
  },
};
export default erlang;

function readPackage(file: KeptFile, { problem, once }: CatalogContext): Package | undefined {
  const text = once(file, () => (file.bytes.length > MAX_RESOURCE ? '' : withoutComments(file.text())));
  const name = /^\s*\{\s*application\s*,\s*'?([\w@]+)'?\s*,/.exec(text)?.[1];
  const version = string(text, 'vsn');
  const purl = name && version && tryPurl({ type: 'otp', name, version });
  if (!name || !version || !purl) {
    problem(file.path, 'no application with a version in it');
    return undefined;
  }
  const licenses = [...(/\{\s*licenses\s*,\s*\[([^\]{]*)\]/.exec(text)?.[1] ?? '').matchAll(/"([^"]+)"/g)].map(
    ([, one]) => one as string,
  );
  const declared = licenses.join(', ');
  return {
    name,
    version,
    purl,
    ecosystem: 'otp',
    foundBy: 'erlang',
    ...stated({
      declaredLicense: declared,
      concludedLicense: declared && expressionOf(declared),
      description: string(text, 'description')?.slice(0, 500),
    }),
    dependsOn: [...atoms(text, 'applications'), ...atoms(text, 'included_applications')],
    confidence: 1,
    evidence: [file.path],
  };
}

function string(text: string, field: string): string | undefined {
  return new RegExp(String.raw`\{\s*${field}\s*,\s*"((?:[^"\\]|\\.)*)"`).exec(text)?.[1] || undefined;
}

function atoms(text: string, field: string): string[] {
  const list = new RegExp(String.raw`\{\s*${field}\s*,\s*\[([^\]{]*)\]`).exec(text)?.[1] ?? '';
  return [...list.matchAll(/[\w@]+/g)].map(([atom]) => atom);
}

function withoutComments(text: string): string {
  return text.replace(/^[ \t]*%.*$/gm, '');
}
