import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A folder that is no image, as the user named it. */
export interface DirectoryReference {
  readonly path: string;
  /** Where the user says so. */
  readonly kind?: 'rootfs';
}

/** `dir:PATH`, `rootfs:PATH`, or the path of a folder in which no image lies; undefined for everything else. */
export function directoryReference(reference: string): DirectoryReference | undefined {
  const [, scheme, path = ''] = /^(dir|rootfs):(.+)$/.exec(reference) ?? [];
  if (scheme) return { path, ...(scheme === 'rootfs' ? { kind: 'rootfs' } : {}) };
  return isFolder(reference) && !holdsImage(reference) ? { path: reference } : undefined;
}

export function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory() ?? false;
}

/** An OCI layout, a folder of skopeo's `dir:`, an unpacked `docker save`. A `manifest.json` may be a web application's. */
function holdsImage(path: string): boolean {
  const has = (name: string) => statOf(join(path, name)) !== undefined;
  if (has('oci-layout') || (has('index.json') && has('blobs')) || has('repositories')) return true;
  if (!has('manifest.json')) return false;
  return has('version') || /^\s*\[/.test(headOf(join(path, 'manifest.json')));
}

function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function headOf(path: string): string {
  try {
    const fd = openSync(path, 'r');
    try {
      const head = Buffer.alloc(64);
      return head.toString('latin1', 0, readSync(fd, head));
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}
