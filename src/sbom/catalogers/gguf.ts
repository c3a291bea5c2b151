import type { ByteSource } from '../../layers/byte-source.ts';
import { expressionOf } from '../license.ts';
import type { Cataloger, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

/** What is known of a model stands at its beginning; tokens and weights come behind. */
const HEAD = 1 << 20;
const MAX_FIELDS = 200;
const MAX_STRING = 4096;
const STRING = 8;
/** Bytes of a value by its type: numbers and booleans. */
const SIZES: readonly number[] = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];

type Fields = Readonly<Record<string, string>>;

/** Language models in one file (ggml, "GGUF"): the fields `general.*` of its header. */
const gguf: Cataloger = {
  name: 'gguf',
  version: 1,
  files: [],
  reader: {
    most: HEAD,
    wants: ({ path, size }) => size > 24 && path.endsWith('.gguf'),
    accepts: (head) => Buffer.from(head.subarray(0, 4)).toString('latin1') === 'GGUF',
    read: (bytes) => readHeader(bytes),
  },
  *catalog(view) {
    for (const { path, value } of view.readings<Fields>('gguf')) {
      const found = toPackage(value, path);
      if (found) yield found;
    }
  },
};
export default gguf;

function readHeader(bytes: ByteSource): Fields | undefined {
  const head = Buffer.from(bytes.slice(0, HEAD));
  const fields: Record<string, string> = {};
  let at = 24;
  const text = (): string | undefined => {
    const length = at + 8 <= head.length ? Number(head.readBigUInt64LE(at)) : Number.POSITIVE_INFINITY;
    if (length > head.length - at - 8) return undefined;
    at += 8 + length;
    return head.toString('utf8', at - length, at - length + Math.min(length, MAX_STRING));
  };
  for (let count = 0; count < MAX_FIELDS; count++) {
    const key = text();
    if (key === undefined || at + 4 > head.length) break;
    const type = head.readUInt32LE(at);
    at += 4;
    if (type === STRING) {
      const value = text();
      if (value === undefined) break;
      if (key.startsWith('general.')) fields[key.slice('general.'.length)] = value;
    } else if (SIZES[type]) at += SIZES[type];
    // A list: of tokens, behind all that is said in general.
    else break;
  }
  return Object.keys(fields).length > 0 ? fields : undefined;
}

function toPackage(fields: Fields, path: string): Package | undefined {
  const name = fields.name ?? path.slice(path.lastIndexOf('/') + 1, -'.gguf'.length);
  const purl = tryPurl({ type: 'generic', namespace: 'gguf', name, version: fields.version ?? null });
  if (!purl) return undefined;
  const source = fields['source.url'] ?? fields.repo_url ?? fields.url;
  return {
    name,
    version: fields.version ?? '',
    purl,
    ecosystem: 'generic',
    foundBy: 'gguf',
    ...stated({
      declaredLicense: fields.license,
      concludedLicense: fields.license && expressionOf(fields.license),
      supplier:
        fields.organization || fields.author ? { name: (fields.organization ?? fields.author) as string } : undefined,
      description: fields.description?.slice(0, 500),
      homepage: source && /^https?:\/\/\S+$/.test(source) ? source : undefined,
    }),
    confidence: 0.8,
    evidence: [path],
  };
}
