import { PROBES, type ProbeTable } from '../layers/probes/index.ts';
import { type FileReader, readProbe } from '../layers/probes/read.ts';
import type { ProbeRequest } from '../layers/record.ts';
import { CATALOGERS } from './catalogers/index.ts';
import { DISTRO_FILES } from './distro.ts';
import type { Cataloger } from './package.ts';

/** The files that catalogers read whole. */
export function sbomGlobs(catalogers: readonly Cataloger[] = CATALOGERS): string[] {
  return [...new Set([...DISTRO_FILES, ...catalogers.flatMap(({ files }) => files)])].sort();
}

/** What the scan of the layers must do for `composeSbom`: keep some files, reduce others. */
export function sbomProbes(catalogers: readonly Cataloger[] = CATALOGERS): ProbeRequest[] {
  // The readers' names and versions are only for who keeps records: they tell one kind of scan from another.
  const readers = readersOf(catalogers).map(({ name, version }) => `${name}@${version}`);
  const keep = { name: 'keep', options: { globs: sbomGlobs(catalogers) } };
  return readers.length === 0 ? [keep] : [keep, { name: 'read', options: { readers } }];
}

/**
 * Where the scan finds those probes.
 * @param room bytes of a file that readers want and that waits in memory, at most; default what many threads can have
 */
export function sbomProbeTable(catalogers: readonly Cataloger[] = CATALOGERS, room?: number): ProbeTable {
  return { ...PROBES, read: readProbe(readersOf(catalogers), room) };
}

function readersOf(catalogers: readonly Cataloger[]): FileReader[] {
  return catalogers.flatMap(({ name, version, reader }) => (reader ? [{ name, version, ...reader }] : []));
}
