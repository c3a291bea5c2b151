/** Archives as no honest program writes them: every byte is the caller's to choose. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

const BLOCK = 512;

/** Fields of a tar header as they stand in it: what is no number is written as it is. */
export interface RawHeader {
  readonly name?: string | Buffer;
  readonly mode?: string | Buffer;
  readonly uid?: string | Buffer;
  readonly size?: string | Buffer | number;
  readonly mtime?: string | Buffer;
  readonly type?: string;
  readonly link?: string | Buffer;
  readonly magic?: string;
  readonly prefix?: string | Buffer;
}

const PLACES = { name: 0, mode: 100, uid: 108, size: 124, mtime: 136, type: 156, link: 157, magic: 257, prefix: 345 };

/** A header block with a good checksum. */
export function header({ size = 0, ...fields }: RawHeader): Buffer {
  const block = Buffer.alloc(BLOCK);
  const stated = typeof size === 'number' ? octal(size) : size;
  const all = { name: 'file', mode: '0000644', type: '0', magic: 'ustar\x0000', ...fields, size: stated };
  for (const [field, value] of Object.entries(all)) {
    const room = field === 'name' || field === 'link' ? 100 : field === 'prefix' ? 155 : 12;
    Buffer.from(value as string)
      .subarray(0, room)
      .copy(block, PLACES[field as keyof typeof PLACES]);
  }
  return signed(block);
}

/** Writes the checksum that the rest of the block has. */
export function signed(block: Buffer): Buffer {
  block.fill(32, 148, 156);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

export function octal(size: number): string {
  return size.toString(8).padStart(11, '0');
}

/** The end of a tar. */
export const END = Buffer.alloc(2 * BLOCK);

export function padded(body: string | Buffer): Buffer {
  const bytes = Buffer.from(body as string);
  return Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
}

/** A member with its body. */
export function file(name: string | Buffer, body: string | Buffer = '', fields: RawHeader = {}): Buffer {
  return Buffer.concat([header({ name, size: Buffer.byteLength(body), ...fields }), padded(body)]);
}

export function directory(name: string): Buffer {
  return header({ name: `${name}/`, type: '5', mode: '0000755' });
}

export function symlink(name: string, link: string): Buffer {
  return header({ name, type: '2', link });
}

export function hardlink(name: string, link: string): Buffer {
  return header({ name, type: '1', link });
}

/** An extended header with a body as given; `type` x, g, L or K. */
export function extended(type: string, body: string | Buffer): Buffer {
  return file('extended', body, { type });
}

/** One pax record; its length counts itself. */
export function paxRecord(key: string, value: string | Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value as string), Buffer.from('\n')]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

export function pax(records: readonly (readonly [string, string | Buffer])[], type = 'x'): Buffer {
  return extended(type, Buffer.concat(records.map(([key, value]) => paxRecord(key, value))));
}

export function tar(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([...parts, END]);
}

export function hex(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export interface RawImage {
  readonly layers: readonly Buffer[];
  /** Text of the config; default an honest one. */
  readonly config?: string;
  /** Text of `manifest.json` (docker) or of the manifest (OCI), made of what it should say. */
  readonly manifest?: (honest: unknown) => string;
  /** Text of `index.json`, made of the descriptor of the manifest. */
  readonly index?: (descriptor: Descriptor) => string;
  /** What a layer is stored as. */
  readonly compress?: (layer: Buffer) => Buffer;
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export function configOf(layers: readonly Buffer[], more: object = {}): string {
  return JSON.stringify({
    os: 'linux',
    architecture: 'amd64',
    config: { Env: ['PATH=/bin'], Cmd: ['sh'] },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${hex(layer)}`) },
    history: layers.map((_, i) => ({ created: '2024-01-01T00:00:00Z', created_by: `RUN step ${i}` })),
    ...more,
  });
}

/** `docker save` before version 25, member by member. */
export function dockerFiles({ layers, config = configOf(layers), manifest, compress }: RawImage): Map<string, Buffer> {
  const names = layers.map((layer, i) => `${hex(`${i}${hex(layer)}`)}/layer.tar`);
  const honest = [{ Config: `${hex(config)}.json`, RepoTags: ['app:1'], Layers: names }];
  return new Map([
    ...layers.map((layer, i) => [names[i] as string, compress ? compress(layer) : layer] as const),
    [`${hex(config)}.json`, Buffer.from(config)],
    ['manifest.json', Buffer.from(manifest ? manifest(honest) : JSON.stringify(honest))],
  ]);
}

/** An OCI layout, file by file; layers with gzip unless said otherwise. */
export function ociFiles(image: RawImage): Map<string, Buffer> {
  const { layers, config = configOf(layers), manifest, index, compress = gzipSync } = image;
  const files = new Map<string, Buffer>([['oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}')]]);
  const blob = (body: Buffer, mediaType: string): Descriptor => {
    files.set(`blobs/sha256/${hex(body)}`, body);
    return { mediaType, digest: `sha256:${hex(body)}`, size: body.length };
  };
  const oci = (what: string): string => `application/vnd.oci.image.${what}`;
  const honest = {
    schemaVersion: 2,
    config: blob(Buffer.from(config), oci('config.v1+json')),
    layers: layers.map((layer) => blob(compress(layer), oci('layer.v1.tar+gzip'))),
  };
  const text = manifest ? manifest(honest) : JSON.stringify(honest);
  const descriptor = blob(Buffer.from(text), oci('manifest.v1+json'));
  const top = index ? index(descriptor) : JSON.stringify({ schemaVersion: 2, manifests: [descriptor] });
  return files.set('index.json', Buffer.from(top));
}

export function archiveOf(files: ReadonlyMap<string, Buffer>): Buffer {
  return tar(...[...files].map(([name, body]) => file(name, body)));
}
