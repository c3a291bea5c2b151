import { DlintError } from '../errors.ts';

/**
 * Bounds on what hostile input may cost. They are absolute, not ratios: an honest sparse file compresses 1,000 : 1.
 * Reaching one is `E_LIMIT`; nothing is ever allocated because a header claims it.
 */
export interface Limits {
  /** Bytes of one path or link name. Linux takes 4,096. */
  readonly pathBytes: number;
  /** Names in one path, one below the other. */
  readonly pathDepth: number;
  /** Bytes of the pax and GNU long-name headers of one member, and of the extended attributes that hold for all. */
  readonly extendedHeaderBytes: number;
  /** Bytes of all names in one layer. */
  readonly nameBytes: number;
  /** Bytes of all extended attributes in one layer. */
  readonly xattrBytes: number;
  /** Members of one tar. */
  readonly entries: number;
  /** Entries of all layers of one image. */
  readonly imageEntries: number;
  /** Bytes of all that is kept of the layers of one image: names, attributes, files for the SBOM. */
  readonly recordBytes: number;
  /** Bytes of the paths that layers change, each change counted, those that only a deep path implies as well. */
  readonly changedPathBytes: number;
  /** Bytes that one compressed layer, or one compressed archive, may unpack to. */
  readonly inflatedBytes: number;
  /** Bytes of one JSON document of an image. */
  readonly jsonBytes: number;
  /** Bytes of all JSON documents that are read to find an image. */
  readonly allJsonBytes: number;
  /** Manifests, indexes and configs that one image source may name. */
  readonly manifests: number;
  /** Layers of one image. Docker stops at 127. */
  readonly layers: number;
  /** Entries of the history of one image. */
  readonly history: number;
  /** Depth of image indexes inside image indexes. */
  readonly indexDepth: number;
  /** Symbolic links followed to find one member of an archive, as Linux does. */
  readonly linkHops: number;
  /** Members of an archive that are remembered by name. */
  readonly members: number;
  /** Bytes of their names and links. */
  readonly memberNameBytes: number;
  /** Bytes of one file that a probe may keep. */
  readonly keptFileBytes: number;
  /** Bytes of all files that a probe may keep in one layer. */
  readonly keptBytes: number;
  /** Bytes of one file that a reader may look at. Large ones wait in a temporary file. */
  readonly readFileBytes: number;
  /** Window of a zstd frame that is decoded in JavaScript, in bytes; larger ones need zlib's own zstd. */
  readonly scriptWindowBytes: number;
  /** Window of any zstd frame, in bytes: what the `zstd` program allows by itself. */
  readonly windowBytes: number;
  /** Problems told for one layer; the rest are counted. */
  readonly problems: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

export const DEFAULT_LIMITS: Limits = {
  pathBytes: 32 * KIB,
  pathDepth: 1_000,
  extendedHeaderBytes: MIB,
  nameBytes: GIB,
  xattrBytes: 64 * MIB,
  entries: 4_000_000,
  imageEntries: 16_000_000,
  recordBytes: 2 * GIB,
  changedPathBytes: 2 * GIB,
  inflatedBytes: 64 * GIB,
  jsonBytes: 8 * MIB,
  allJsonBytes: 64 * MIB,
  manifests: 2_000,
  layers: 1_000,
  history: 10_000,
  indexDepth: 8,
  linkHops: 40,
  members: 300_000,
  memberNameBytes: 64 * MIB,
  keptFileBytes: 100 * MIB,
  keptBytes: 512 * MIB,
  readFileBytes: 2 * GIB,
  scriptWindowBytes: 8 * MIB,
  windowBytes: 128 * MIB,
  problems: 100,
};

const UNITS: Readonly<Record<string, number>> = { '': 1, KiB: KIB, MiB: MIB, GiB: GIB };

/**
 * The bounds that a text names: `inflatedBytes=128GiB,entries=8000000`.
 * @param source as an error names it: an environment variable, a flag
 * @throws DlintError E_USAGE
 */
export function readLimits(text: string, source: string): Partial<Limits> {
  const changed: Record<string, number> = {};
  for (const part of text.split(',').filter((one) => one.trim() !== '')) {
    const [, name = '', digits, unit = ''] = /^\s*(\w+)=(\d{1,15})([KMG]iB)?\s*$/.exec(part) ?? [];
    const value = Number(digits) * (UNITS[unit] as number);
    if (!Object.hasOwn(DEFAULT_LIMITS, name) || !Number.isSafeInteger(value)) throw unreadable(part.trim(), source);
    changed[name] = value;
  }
  return changed;
}

function unreadable(part: string, source: string): DlintError {
  return new DlintError('E_USAGE', `${source} cannot have ${part}`, {
    where: `${source}: ${part}`,
    hint: `NAME=NUMBER, also with KiB, MiB or GiB, e.g. inflatedBytes=128GiB; names: ${Object.keys(DEFAULT_LIMITS).join(', ')}`,
  });
}
