import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { onTestFinished } from 'vitest';

export interface Member extends Partial<Omit<tar.Header, 'name' | 'pax' | 'size'>> {
  readonly name: string;
  readonly body?: string | Buffer;
  readonly pax?: Record<string, string>;
  readonly size?: number;
}

/** A tar written by tar-stream. */
export async function tarOf(members: readonly (Member | string)[]): Promise<Buffer> {
  const pack = tar.pack();
  const whole = collect(pack);
  for (const member of members) {
    const { body, ...header } = typeof member === 'string' ? { name: member, body: `${member}\n` } : member;
    pack.entry({ mtime: new Date(1_700_000_000_000), ...header } as tar.Header, body ?? '');
  }
  pack.finalize();
  return await whole;
}

async function collect(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}

export function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dlint-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function temporaryFile(bytes: string | Buffer, name = 'image.tar'): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, bytes);
  return file;
}

export interface Config {
  readonly os?: string;
  readonly architecture?: string;
  readonly history?: readonly object[];
  readonly config?: object;
}

function configOf(layers: readonly Buffer[], config: Config): string {
  const diffIds = layers.map((layer) => `sha256:${sha256(layer)}`);
  return JSON.stringify({
    os: 'linux',
    architecture: 'amd64',
    rootfs: { type: 'layers', diff_ids: diffIds },
    ...config,
  });
}

/** `docker save` of one image, as Docker wrote it before version 25. */
export async function dockerArchive(layers: readonly Buffer[], tag = 'app:1', config: Config = {}): Promise<Buffer> {
  const json = configOf(layers, config);
  const names = layers.map((layer, i) => `${sha256(`${i}${sha256(layer)}`)}/layer.tar`);
  const manifest = [{ Config: `${sha256(json)}.json`, RepoTags: [tag], Layers: names }];
  return await tarOf([
    ...layers.map((body, i) => ({ name: names[i] as string, body })),
    { name: `${sha256(json)}.json`, body: json },
    { name: 'manifest.json', body: JSON.stringify(manifest) },
  ]);
}

/** The files of an OCI layout by name. Each image is a list of plain layers, stored with gzip. */
export class OciFiles {
  readonly files = new Map<string, string | Buffer>([['oci-layout', '{"imageLayoutVersion":"1.0.0"}']]);

  blob(body: string | Buffer): { digest: string; size: number } {
    const digest = sha256(body);
    this.files.set(`blobs/sha256/${digest}`, body);
    return { digest: `sha256:${digest}`, size: Buffer.byteLength(body) };
  }

  manifest(layers: readonly Buffer[], config: Config = {}): { digest: string; size: number; mediaType: string } {
    const body = {
      schemaVersion: 2,
      config: { ...this.blob(configOf(layers, config)), mediaType: 'application/vnd.oci.image.config.v1+json' },
      layers: layers.map((layer) => ({
        ...this.blob(gzipSync(layer)),
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      })),
    };
    return { ...this.blob(JSON.stringify(body)), mediaType: 'application/vnd.oci.image.manifest.v1+json' };
  }

  index(manifests: readonly object[]): { digest: string; size: number; mediaType: string } {
    return { ...this.blob(JSON.stringify({ manifests })), mediaType: 'application/vnd.oci.image.index.v1+json' };
  }

  top(manifests: readonly object[]): this {
    this.files.set('index.json', JSON.stringify({ schemaVersion: 2, manifests }));
    return this;
  }

  /** As a tar; `prefix` such as `./` before every name. */
  async archive(prefix = ''): Promise<Buffer> {
    return await tarOf([...this.files].map(([name, body]) => ({ name: prefix + name, body })));
  }

  folder(): string {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
    for (const [name, body] of this.files) writeFileSync(join(folder, name), body);
    return folder;
  }
}
