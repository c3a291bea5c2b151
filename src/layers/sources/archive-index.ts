import { posix } from 'node:path';
import { DlintError } from '../../errors.ts';
import { type Limits, raise } from '../limits.ts';
import { normalizePath } from '../path.ts';
import { layerEntry } from '../tar.ts';
import type { TarMember } from '../tar-member.ts';

/** A body's place in the archive, in bytes. */
export interface MemberPlace {
  readonly offset: number;
  readonly length: number;
}

/** A member of the archive: its bytes, or the name it links to. */
type Member = MemberPlace | { readonly link: string };

/** Images keep their files at most this deep (`blobs/sha256/…`); a root filesystem's others are only counted. */
const DEPTH = 3;
/** Names at the top that are remembered: a root filesystem has some twenty. */
const MOST_AT_TOP = 1000;

/** The directory of a tar archive, taken down while its members pass. */
export class ArchiveIndex {
  readonly #members = new Map<string, Member>();
  readonly #reference: string;
  readonly #limits: Limits;
  readonly #top = new Set<string>();
  #entries = 0;
  #nameBytes = 0;
  #whiteouts = 0;

  constructor(reference: string, limits: Limits) {
    this.#reference = reference;
    this.#limits = limits;
  }

  /** Takes a member down. Gives the name of a file that may belong to an image. Throws `E_LIMIT`. */
  add(found: TarMember): string | undefined {
    const name = normalizePath(found.name);
    if (name !== '') this.#entries++;
    if (this.#top.size < MOST_AT_TOP) this.#top.add(name.slice(0, slashOf(name)));
    const kind = layerEntry(found, () => undefined)?.kind;
    if (kind === 'whiteout' || kind === 'opaque') this.#whiteouts++;
    if (found.kind === 'directory' || depth(name) > DEPTH) return undefined;
    this.#bound(name.length + found.link.length);
    const isFile = found.kind === 'file' && !found.isSparse;
    if (isFile) this.#members.set(name, { offset: found.bodyOffset, length: found.size });
    else if (found.kind === 'hardlink') this.#members.set(name, { link: normalizePath(found.link) });
    else if (found.kind === 'symlink') this.#members.set(name, { link: resolveLink(name, found.link) });
    return isFile ? name : undefined;
  }

  #bound(nameBytes: number): void {
    const { members, memberNameBytes } = this.#limits;
    const where = this.#reference;
    if (this.#members.size >= members) {
      throw new DlintError('E_LIMIT', `more than ${members} members`, { where, hint: raise('members', this.#limits) });
    }
    this.#nameBytes += nameBytes;
    if (this.#nameBytes <= memberNameBytes) return;
    throw new DlintError('E_LIMIT', `names of members of more than ${memberNameBytes} bytes`, {
      where,
      hint: raise('memberNameBytes', this.#limits),
    });
  }

  /** Where a member's bytes lie, links followed. */
  locate(name: string): MemberPlace | undefined {
    let member = this.#members.get(normalizePath(name));
    for (let hops = 0; member && 'link' in member; hops++) {
      member = hops < this.#limits.linkHops ? this.#members.get(member.link) : undefined;
    }
    return member;
  }

  /** Names of files and links that may belong to an image. */
  names(): Iterable<string> {
    return this.#members.keys();
  }

  /** What shows a root filesystem; undefined where folders hold images. */
  rootfs(): { readonly top: ReadonlySet<string>; readonly whiteouts: number } | undefined {
    return this.#foldersWithImages().length > 0 ? undefined : { top: this.#top, whiteouts: this.#whiteouts };
  }

  /** What the archive seems to be when it is no image. */
  describe(): string {
    if (this.#entries === 0) return 'an empty tar archive';
    const folders = this.#foldersWithImages();
    if (folders.length > 0) {
      return `an archive of folders that hold images: ${folders.slice(0, 10).join(', ')}; unpack it and give one of them`;
    }
    const counted = `${this.#entries} ${this.#entries === 1 ? 'entry' : 'entries'}`;
    const hidden =
      this.#whiteouts > 0 ? `, ${this.#whiteouts} ${this.#whiteouts === 1 ? 'whiteout' : 'whiteouts'}` : '';
    return `a tar archive without image or root filesystem (${counted}${hidden})`;
  }

  /** Where an unpacked archive was packed again with its folder. */
  #foldersWithImages(): string[] {
    const folders = new Set<string>();
    for (const name of this.#members.keys()) {
      const match = /^([^/]+)\/(manifest\.json|index\.json|repositories)$/.exec(name);
      if (match) folders.add(match[1] as string);
    }
    return [...folders].sort();
  }
}

/** A symlink's target as a member's name; one that leads out of the archive ends at its root, as in a chroot. */
function resolveLink(name: string, target: string): string {
  return normalizePath(target.startsWith('/') ? target : `${posix.dirname(name)}/${target}`);
}

function slashOf(name: string): number {
  const slash = name.indexOf('/');
  return slash < 0 ? name.length : slash;
}

function depth(name: string): number {
  let depth = 1;
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) === 47) depth++;
  return depth;
}
