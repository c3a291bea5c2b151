import { webAddress } from '../json.ts';
import { allOf, expressionOf } from '../license.ts';
import type { CatalogContext, Cataloger, KeptFile, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

const MAX_SPECIFICATION = 4 << 20;

/**
 * Ruby gems that are installed: the specification that RubyGems writes for each. A gem's own `*.gemspec` beside its
 * sources is a program and no evidence.
 */
const gem: Cataloger = {
  name: 'gem',
  version: 1,
  files: ['**/specifications/{,default/}*.gemspec'],
  *catalog(view, context) {
    for (const file of view.match(...gem.files)) {
      const found = readPackage(file, context);
      if (found) yield found;
    }
  },
};
export default gem;

function readPackage(file: KeptFile, { problem, once }: CatalogContext): Package | undefined {
  const fields = once(file, () => (file.bytes.length > MAX_SPECIFICATION ? new Map() : assignments(file.text())));
  const first = (name: string): string | undefined => fields.get(name)?.[0];
  const name = first('name');
  const version = first('version');
  const platform = first('platform');
  const purl =
    name &&
    version &&
    tryPurl({ type: 'gem', name, version, qualifiers: { platform: platform === 'ruby' ? undefined : platform } });
  if (!name || !version || !purl) {
    problem(file.path, 'no name and version in it');
    return undefined;
  }
  const licenses = [...(fields.get('licenses') ?? []), ...(fields.get('license') ?? [])];
  const author = first('authors') ?? first('author');
  const email = first('email');
  return {
    name,
    version,
    purl,
    ecosystem: 'gem',
    foundBy: 'gem',
    ...stated({
      declaredLicense: licenses.join(' OR '),
      concludedLicense: concludedLicense(licenses),
      supplier: author ? { name: author, ...(email?.includes('@') ? { email } : {}) } : undefined,
      homepage: webAddress(first('homepage')),
      sourceUrl: webAddress(first('source_code_uri')),
      description: (first('summary') ?? first('description'))?.slice(0, 500),
      dependsOn: fields.get('dependency'),
    }),
    knowsDependencies: true,
    confidence: 1,
    evidence: [file.path],
  };
}

/** Several licences are a choice, as RubyGems' guide has it. */
function concludedLicense(licenses: readonly string[]): string | undefined {
  if (licenses.length === 0) return undefined;
  const expressions = licenses.map(expressionOf);
  if (expressions.some((one) => one === undefined)) return undefined;
  return expressions.length === 1
    ? expressions[0]
    : (expressionOf(expressions.join(' OR ')) ?? allOf(expressions as string[]));
}

const STRING = String.raw`(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|%q<([^<>]*)>)`;
const ASSIGNMENT = /^\s*\w+\.(name|version|platform|licenses?|authors?|email|homepage|summary|description)\s*=\s*(.*)$/;
const DEPENDENCY = new RegExp(String.raw`\.add_(?:runtime_)?dependency\(?\s*${STRING}`);
const SOURCE = new RegExp(String.raw`"source_code_uri"(?:\.freeze)?\s*=>\s*${STRING}`);

/** What RubyGems writes is a fixed form of Ruby: one assignment a line, strings frozen or not. */
function assignments(text: string): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  // Behind `else` stands what RubyGems of before 2006 shall see: all dependencies, those for development as well.
  const [body = ''] = text.split(/\n[ \t]*else[ \t]*\r?\n/, 1);
  for (const line of body.split('\n')) {
    const [, name, value] = ASSIGNMENT.exec(line) ?? [];
    if (name && value && !fields.has(name)) fields.set(name, strings(value));
    const needed = DEPENDENCY.exec(line);
    if (needed) fields.set('dependency', [...(fields.get('dependency') ?? []), unquote(needed)]);
    const source = SOURCE.exec(line);
    if (source) fields.set('source_code_uri', [unquote(source)]);
  }
  return fields;
}

function strings(value: string): string[] {
  return [...value.matchAll(new RegExp(STRING, 'g'))].map(unquote).filter((text) => text !== '');
}

function unquote([, double, single, percent]: RegExpMatchArray): string {
  const text = double ?? single ?? percent ?? '';
  return double === undefined ? text : text.replace(/\\n/g, '\n').replace(/\\(.)/g, '$1');
}
