import type { Digest } from './finding.ts';

/**
 * What `dlint inspect` tells about an image: plain data and lazy lists, made by `inspectImage`. Secrets are masked
 * already; paths and commands are as hostile as the image, so renderers escape them. Layers count from 1, sizes are
 * bytes of file bodies without tar headers and padding.
 */
export interface ImageReport {
  readonly tool: { readonly name: string; readonly version: string };
  readonly image: ImageFacts;
  readonly startup: Startup;
  readonly storedBytes: number;
  readonly liveBytes: number;
  readonly deadBytes: number;
  /** Sum of the compressed layers; null when any layer is not compressed. */
  readonly compressedBytes: number | null;
  readonly content: ContentFacts;
  /** All layers, or the selected one. */
  readonly layers: readonly LayerReport[];
  /** Number of layers of the image. */
  readonly layerCount: number;
  /** `--layer N`, else null. */
  readonly selected: number | null;
  /** What could be saved, the most first; bounded in number. With a selected layer: what it stored or killed. */
  readonly waste: readonly Waste[];
  /** Equal contents at several paths of the final image, the most to save first; bounded in number. */
  readonly copies: readonly LiveCopy[];
  /** With `--base`: what the base image brought, and what was added to it. */
  readonly base?: BaseReport;
  /** The largest files of the final image, or those that the selected layer added or modified; bounded in number. */
  readonly largest: readonly LargeFile[];
  /** With `--dockerfile`: the file, and what keeps its lines from being sure. */
  readonly dockerfile?: { readonly path: string; readonly warnings: readonly string[] };
  /** The root of the final tree, or of the paths that the selected layer changed. */
  outline(): OutlineNode;
  /** Every body that no path of the final image reaches; with a selected layer those that it stored or killed. */
  dead(): Iterable<DeadFile>;
  /** The numbers that dive computes for the same image, for comparison; computed once, when first asked for. */
  dive(): DiveScore;
  /** The layers as dive lists them, all of them also with a selected one. */
  diveLayers(): Iterable<DiveLayer>;
}

/** dive 0.13's view of an image (docs/dive.md says where it deviates from the truth). */
export interface DiveScore {
  /** Sum of all members of all layers. */
  readonly sizeBytes: number;
  /** 0…1. */
  readonly efficiency: number;
  readonly wastedBytes: number;
  /** wastedBytes by the bytes of all layers but the lowest; null for 0 by 0, Infinity where only the lowest has bytes. */
  readonly wastedUserShare: number | null;
  /** Paths that occur in two or more layers, the largest sum first. */
  readonly repeated: readonly { readonly count: number; readonly sizeBytes: number; readonly path: string }[];
}

export interface DiveLayer {
  /** From 0. */
  readonly index: number;
  /** First part of the name of the layer's file. */
  readonly id: string;
  readonly diffId: string;
  readonly sizeBytes: number;
  readonly command: string;
  files(): Iterable<DiveFile>;
}

export interface DiveFile {
  /** As stored, `.wh.` included; empty for a directory that no member names. */
  readonly path: string;
  /** Type flag of the tar member, as a character code; 0 without a member. */
  readonly typeFlag: number;
  readonly link: string;
  readonly size: number;
  /** Go's os.FileMode. */
  readonly fileMode: number;
  readonly uid: number;
  readonly gid: number;
  readonly isDirectory: boolean;
}

export interface ImageFacts {
  readonly reference: string;
  readonly tags: readonly string[];
  /** `docker-archive`, `oci-layout`, …: what the image was read from. */
  readonly format: string;
  /** Digest of the config; null where there is none. */
  readonly imageId: Digest | null;
  readonly manifestDigest: Digest | null;
  /** `os/architecture[/variant]`. */
  readonly platform: string | null;
  /** RFC 3339, as stated. */
  readonly created: string | null;
  readonly config: Settings;
  readonly history: readonly { readonly createdBy: string; readonly layer: number | null }[];
  readonly warnings: readonly string[];
}

/** OCI image-spec `config.config`; a field that is absent in the image is absent here. */
export interface Settings {
  readonly user?: string;
  readonly workingDir?: string;
  readonly env: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  /** Docker extension: the shell of shell-form instructions. */
  readonly shell?: readonly string[];
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly stopSignal?: string;
  readonly healthcheck?: Healthcheck;
  readonly onBuild: readonly string[];
  readonly argsEscaped?: boolean;
}

/** Docker extension. Durations in nanoseconds, as stored. */
export interface Healthcheck {
  readonly test: readonly string[];
  readonly interval?: number;
  readonly timeout?: number;
  readonly startPeriod?: number;
  readonly startInterval?: number;
  readonly retries?: number;
}

/** What `docker run IMAGE` starts. */
export interface Startup {
  /** ENTRYPOINT and CMD put together; empty when neither is set. */
  readonly argv: readonly string[];
  /** The ENTRYPOINT's part: stays when `docker run IMAGE ARGS` is given arguments. */
  readonly fixed: readonly string[];
  /** The CMD's part: what such arguments replace. */
  readonly replaceable: readonly string[];
  /** `shell`: a shell runs the line and is process 1; `exec`: the program itself is. */
  readonly form: 'shell' | 'exec' | 'none';
  /** The line that the shell runs, in the shell form. */
  readonly script?: string;
  /** What is worth knowing about it, as sentences. */
  readonly notes: readonly string[];
}

/** The final tree in numbers. */
export interface ContentFacts {
  readonly files: number;
  readonly directories: number;
  readonly symlinks: number;
  /** Sum of the sizes of all files: a body counts once for each of its hard links. */
  readonly apparentBytes: number;
}

export interface LayerReport {
  readonly index: number;
  readonly digest: Digest | null;
  readonly diffId: Digest | null;
  readonly mediaType: string;
  readonly storedBytes: number;
  readonly compressedBytes: number | null;
  /** As the history states it. */
  readonly createdBy: string | null;
  /** The same as one line of a Dockerfile. */
  readonly instruction: string;
  /** With `--dockerfile`: the lines that made it. */
  readonly source?: LayerSource;
  readonly entries: number;
  readonly deadBytes: number;
  readonly deadBytesCaused: number;
  readonly added: ChangeSum;
  readonly modified: ChangeSum;
  readonly removed: ChangeSum;
  /** The dead bytes stored here, by the layer that killed them; the most first. */
  readonly killedBy: readonly { readonly layer: number; readonly bytes: number; readonly instruction: string }[];
  /** Files that it added or modified, the largest first; bounded in number. */
  readonly largest: readonly LargeFile[];
  /** What was odd in the layer but could be gone on from, as sentences. */
  readonly problems: readonly string[];
  /** In byte order of the path. */
  changes(): Iterable<PathChange>;
}

/** The lines of a Dockerfile that made a layer; both null for a layer of the base image, and where nobody knows. */
export interface LayerSource {
  readonly path: string;
  readonly line: number | null;
  readonly endLine: number | null;
  /** `exact`: the history says what the line says, and no other line does. `base`: the base image brought it. */
  readonly confidence: 'exact' | 'likely' | 'base' | 'unknown';
  /** What the linter says about these lines. */
  readonly findings: readonly SourceFinding[];
}

export interface SourceFinding {
  readonly rule: string;
  readonly severity: string;
  readonly line: number;
  readonly message: string;
  readonly help: string | null;
  /** Title of the repair that `dlint lint --fix` makes. */
  readonly fix: string | null;
}

export interface ChangeSum {
  readonly count: number;
  readonly bytes: number;
}

export interface PathChange {
  readonly path: string;
  /** The path's bytes, where they are no UTF-8. */
  readonly pathBase64?: string;
  readonly change: 'added' | 'modified' | 'removed';
  readonly kind: string;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: number;
  readonly link?: string;
  readonly fromLayer?: number;
  /** Of an added file: the path that the same layer removed and that had the same content. */
  readonly movedFrom?: string;
  readonly reasons: readonly string[];
}

export interface LargeFile {
  readonly path: string;
  readonly size: number;
  readonly layer: number;
}

/** A content that lives at several paths which are no hard links of one another. */
export interface LiveCopy {
  readonly digest: string;
  readonly size: number;
  readonly copies: number;
  /** What all copies but one take. */
  readonly bytes: number;
  /** 1-based layers that store them. */
  readonly layers: readonly number[];
  /** At most five. */
  readonly paths: readonly LargeFile[];
  readonly advice: string;
}

export interface BaseReport {
  /** As given: a name, or a number of layers. */
  readonly reference: string;
  readonly warnings: readonly string[];
  /** Layers of the base; `deadBytes` is what it stores and itself makes unreachable. */
  readonly base: LayerSums;
  /** The layers above; `deadBytes` is what they store for nothing. */
  readonly own: LayerSums;
  /** Bytes of the base that the layers above make unreachable. */
  readonly hiddenBytes: number;
}

export interface LayerSums {
  readonly layers: number;
  readonly storedBytes: number;
  readonly liveBytes: number;
  readonly deadBytes: number;
}

/** A body that no path of the final image reaches, under the last path it had. */
export interface DeadFile extends LargeFile {
  readonly killedBy: number;
  readonly cause: Waste['cause'];
}

/** Dead bytes that one layer stores and another (or the same) made unreachable in one way. */
export interface Waste {
  readonly bytes: number;
  readonly files: number;
  readonly storedIn: number;
  readonly killedBy: number;
  readonly cause: 'removed' | 'overwritten' | 'metadata' | 'rewritten';
  /** The deepest directory with more than half of the bytes; empty for the root. */
  readonly directory: string;
  /** Whether it has all of them. */
  readonly isAllThere: boolean;
  /** The largest files, at most three. */
  readonly examples: readonly LargeFile[];
  /** What happened, and what to do about it: one sentence each. */
  readonly explanation: string;
  readonly advice: string;
}

export interface OutlineNode {
  readonly name: string;
  readonly kind: string;
  /** Of a file; of a directory the sum below it. */
  readonly bytes: number;
  /** Files below it. */
  readonly files: number;
  /** Layer that the path is from. */
  readonly layer: number;
  readonly link?: string;
  /** What the selected layer did to the path; absent without one, and for a directory that it left as it was. */
  readonly change?: 'added' | 'modified' | 'removed';
  /** In byte order of the names. */
  children(): Iterable<OutlineNode>;
}
