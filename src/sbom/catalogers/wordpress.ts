import type { ByteSource } from '../../layers/byte-source.ts';
import { expressionOf } from '../license.ts';
import type { Cataloger, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

/** WordPress looks no further for a header (get_file_data). */
const HEADER = 8192;
const PLUGIN = /(?:^|\/)wp-content\/plugins\/(?:([^/]+)\/[^/]+|([^/]+))\.php$/;
const THEME = /(?:^|\/)wp-content\/themes\/([^/]+)\/style\.css$/;
const CORE = /(?:^|\/)wp-includes\/version\.php$/;

type Header = Readonly<Record<string, string>>;

/** WordPress itself, and its plugins and themes by the comment that their main file begins with. */
const wordpress: Cataloger = {
  name: 'wordpress',
  version: 1,
  files: [],
  reader: {
    most: HEADER,
    wants: ({ path }) => path.includes('wp-') && [PLUGIN, THEME, CORE].some((pattern) => pattern.test(path)),
    read: (bytes, path) => readHeader(bytes, path),
  },
  *catalog(view) {
    for (const { path, value } of view.readings<Header>('wordpress')) {
      const found = toPackage(value, path);
      if (found) yield found;
    }
  },
};
export default wordpress;

function readHeader(bytes: ByteSource, path: string): Header | undefined {
  const text = bytes.slice(0, HEADER).toString('utf8').replace(/\r\n?/g, '\n');
  if (CORE.test(path)) {
    const version = /^\s*\$wp_version\s*=\s*'([^']+)'/m.exec(text)?.[1];
    return version ? { version } : undefined;
  }
  const field = (name: string) =>
    new RegExp(String.raw`^[ \t/*#@]*${name}:(.*)$`, 'im')
      .exec(text)?.[1]
      ?.replace(/\s*(?:\*\/|\?>).*/, '')
      .trim();
  const name = field(THEME.test(path) ? 'Theme Name' : 'Plugin Name');
  const version = field('Version');
  // A plugin has many files, and only its main one has the header.
  if (!name || !version) return undefined;
  return stated({
    name,
    version,
    author: field('Author'),
    license: field('License'),
    url: field(THEME.test(path) ? 'Theme URI' : 'Plugin URI'),
    description: field('Description'),
  }) as Header;
}

function toPackage({ version = '', author, license, url, description }: Header, path: string): Package | undefined {
  const [, folder, single] = PLUGIN.exec(path) ?? [];
  const theme = THEME.exec(path)?.[1];
  const slug = folder ?? single ?? theme ?? 'wordpress';
  const type = folder || single ? 'wordpress-plugin' : theme ? 'wordpress-theme' : 'generic';
  const purl = tryPurl({ type, name: slug, version });
  if (!purl) return undefined;
  return {
    name: slug,
    version,
    purl,
    ecosystem: type,
    foundBy: 'wordpress',
    ...stated({
      declaredLicense: license ?? (type === 'generic' ? 'GPL-2.0-or-later' : undefined),
      concludedLicense: license ? expressionOf(license) : undefined,
      supplier: author ? { name: author.replace(/<[^>]*>/g, '').slice(0, 200) } : undefined,
      homepage: /^https?:\/\/\S+$/.test(url ?? '') ? url : undefined,
      description: description?.slice(0, 500),
    }),
    confidence: 0.9,
    evidence: [path],
  };
}
