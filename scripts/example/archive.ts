import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';

/** One member of a layer; a file unless it says otherwise. */
export interface Member {
  /** Relative, without a leading slash. Of what is hidden, for a removed one. */
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly mode?: number;
  readonly owner?: number;
  readonly link?: string;
  readonly directory?: true;
  readonly removed?: true;
}

/** An entry of the image's history, with the layer's tar when it made one. */
export interface LayerSource {
  readonly createdBy: string;
  readonly tar?: Uint8Array;
}

interface ImageFacts {
  readonly tag: string;
  /** Seconds. */
  readonly epoch: number;
  readonly config: object;
}

/** The tar of one layer: parents are listed before their children, as overlay differs do; removals are whiteouts (OCI layer.md). */
export function packLayer(members: readonly Member[], epoch: number): Promise<Buffer> {
  const byPath = new Map<string, Member>();
  for (const member of members) {
    const segments = member.path.split('/');
    const owner = member.owner === undefined ? {} : { owner: member.owner };
    for (let depth = 1; depth < segments.length; depth++) {
      const path = segments.slice(0, depth).join('/');
      if (!byPath.has(path)) byPath.set(path, { path, directory: true, ...owner });
    }
    byPath.set(member.path, member);
  }
  const tar = pack();
  for (const member of [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1))) addMember(tar, member, epoch);
  tar.finalize();
  return buffer(tar);
}

function addMember(tar: ReturnType<typeof pack>, member: Member, epoch: number): void {
  const owner = member.owner ?? 0;
  const header = { mtime: new Date(epoch * 1000), uid: owner, gid: owner };
  if (member.removed) {
    const name = member.path.replace(/[^/]+$/, '.wh.$&');
    tar.entry({ ...header, name, mode: 0, size: 0 }, '');
  } else if (member.link !== undefined) {
    tar.entry({ ...header, name: member.path, type: 'symlink', linkname: member.link, mode: 0o777 });
  } else if (member.directory) {
    tar.entry({ ...header, name: `${member.path}/`, type: 'directory', mode: member.mode ?? 0o755 });
  } else {
    tar.entry({ ...header, name: member.path, mode: member.mode ?? 0o644 }, Buffer.from(member.body ?? ''));
  }
}

/** The archive `docker save` writes (moby image spec v1.2): a config, one tar a layer, manifest.json. */
export function packArchive(history: readonly LayerSource[], { tag, epoch, config }: ImageFacts): Promise<Buffer> {
  const created = new Date(epoch * 1000).toISOString();
  const tars = history.flatMap(({ tar }) => (tar ? [tar] : []));
  const image = {
    architecture: 'amd64',
    os: 'linux',
    created,
    config,
    rootfs: { type: 'layers', diff_ids: tars.map((tar) => `sha256:${sha256(tar)}`) },
    history: history.map(({ createdBy, tar }) => ({
      created,
      created_by: createdBy,
      ...(tar ? {} : { empty_layer: true }),
    })),
  };
  const imageJson = JSON.stringify(image);
  const configName = `${sha256(imageJson)}.json`;
  const manifest = [{ Config: configName, RepoTags: [tag], Layers: tars.map((tar) => `${sha256(tar)}.tar`) }];
  const archive = pack();
  const add = (name: string, bytes: string | Uint8Array) =>
    archive.entry({ name, mode: 0o644, mtime: new Date(epoch * 1000) }, Buffer.from(bytes));
  for (const tar of tars) add(`${sha256(tar)}.tar`, tar);
  add(configName, imageJson);
  add('manifest.json', JSON.stringify(manifest));
  archive.finalize();
  return buffer(archive);
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
