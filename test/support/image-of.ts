import type { Entry } from '../../src/layers/entry.ts';
import { entryTable } from '../../src/layers/entry-table-builder.ts';
import type { Image } from '../../src/layers/image.ts';
import type { KeptBody, LayerRecord } from '../../src/layers/record.ts';
import { stack } from '../../src/layers/stack.ts';
import { composeSbom, type Sbom } from '../../src/sbom/sbom.ts';
import type { Body } from './memory-tree.ts';

/** One layer: bodies by path; null removes what the layers below have there. */
export type LayerFiles = Readonly<Record<string, Body | null>>;

const digest = (character: string) => `sha256:${character.repeat(64)}` as const;

export function imageOf(layers: number, fields: Partial<Image> = {}): Image {
  return {
    reference: 'app.tar (ghcr.io/acme/app:1.2)',
    tags: ['ghcr.io/acme/app:1.2'],
    format: 'docker-archive',
    imageId: digest('a'),
    manifestDigest: null,
    platform: { os: 'linux', architecture: 'amd64' },
    created: '2026-01-02T03:04:05.678Z',
    config: { env: [], exposedPorts: [], volumes: [], labels: {}, onBuild: [] },
    history: [],
    layers: Array.from({ length: layers }, (_, index) => ({
      index: index + 1,
      digest: null,
      diffId: digest(String((index + 1) % 10)),
      mediaType: 'application/vnd.oci.image.layer.v1.tar',
      compressedBytes: null,
      createdBy: `RUN step ${index + 1}`,
      at: { file: '', offset: 0, length: 0 },
    })),
    warnings: [],
    ...fields,
  };
}

/** The SBOM of an image that has these layers, lowest first; every body is kept, whatever its name. */
export function sbomOfLayers(layers: readonly LayerFiles[], fields: Partial<Image> = {}, allLayers = false): Sbom {
  const records = layers.map(recordOf);
  return composeSbom(imageOf(layers.length, fields), records, stack(records), undefined, { allLayers });
}

function recordOf(files: LayerFiles): LayerRecord {
  const entries: Entry[] = [];
  const kept: KeptBody[] = [];
  for (const [path, body] of Object.entries(files)) {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body instanceof Uint8Array ? body : undefined;
    const link = body !== null && bytes === undefined ? (body as { link: string }).link : '';
    if (bytes) kept.push({ entry: entries.length, bytes });
    const kind = body === null ? 'whiteout' : bytes ? 'file' : 'symlink';
    const size = bytes?.length ?? 0;
    entries.push({ path, kind, size, mode: 0o644, uid: 0, gid: 0, mtime: 0, link, bodyOffset: 0 });
  }
  return {
    diffId: null,
    digest: null,
    storedBytes: entries.reduce((sum, { size }) => sum + size, 0),
    tarBytes: 0,
    compression: 'none',
    entries: entryTable(entries),
    facts: { keep: kept },
    problems: [],
  };
}
