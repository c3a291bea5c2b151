import type { ByteSource } from '../../layers/byte-source.ts';
import { readTable } from './sqlite.ts';

const MAX_ROWS = 2_000_000;

/** `name-[epoch:]version-release.arch`, the epoch left out where it is 0, and the id of a repository. */
export type InstalledFrom = readonly [nevra: string, repository: string];

/**
 * Which repository dnf installed each rpm from, in the order of the transactions, by its history (libdnf,
 * `history.sqlite`, schema 1.1): tables `rpm`, `repo` and `trans_item`.
 */
export function readDnfHistory(bytes: ByteSource): InstalledFrom[] {
  const repositories = new Map<number, string>();
  for (const { rowid, values } of bounded(readTable(bytes, 'repo'))) {
    if (typeof values[1] === 'string') repositories.set(rowid, values[1]);
  }
  const packages = new Map<number, string>();
  for (const { rowid, values } of bounded(readTable(bytes, 'rpm'))) {
    // item_id may be the key of the table, and then stands for its rowid.
    const [item, name, epoch, version, release, arch] = values;
    packages.set(item === null ? rowid : Number(item), nevraOf(name, epoch, version, release, arch));
  }
  const found: InstalledFrom[] = [];
  for (const { values } of bounded(readTable(bytes, 'trans_item'))) {
    const nevra = packages.get(Number(values[2]));
    const repository = repositories.get(Number(values[3]));
    if (nevra && repository) found.push([nevra, repository]);
  }
  return found;
}

function nevraOf(name: unknown, epoch: unknown, version: unknown, release: unknown, arch: unknown): string {
  return `${name}-${Number(epoch) > 0 ? `${epoch}:` : ''}${version}-${release}.${arch}`;
}

function* bounded<T>(rows: Iterable<T>): Iterable<T> {
  let count = 0;
  for (const row of rows) {
    if (++count > MAX_ROWS) return;
    yield row;
  }
}
