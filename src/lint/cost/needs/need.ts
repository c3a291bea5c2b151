import type { Volatility } from '../volatility.ts';

/** What a command costs, and how often what it needs changes. */
export interface Need {
  /** `install` puts packages in place, `download` fetches something, `compile` makes something of the sources. */
  readonly work: 'install' | 'download' | 'compile';
  readonly volatility: Volatility;
  /**
   * The files that it reads, relative to the folder it runs in, as sources of a COPY: the first one has to be there,
   * those that may be missing end in `*`.
   */
  readonly manifests?: readonly string[];
  /** The folder it runs in, when the command says so: `npm --prefix web ci`. */
  readonly folder?: string;
  /** Tools with the same word install into the same place, so that a second install has little to do. */
  readonly project?: string;
  /** Copying the manifests alone is not enough, because it reads sources as well: what to do besides. */
  readonly besides?: string;
  /** Of a compile: it fetches the dependencies, too, and this command does that alone. */
  readonly fetch?: Fetch;
}

export interface Fetch {
  /** `go mod download` */
  readonly command: string;
  /** Where the tool keeps what it downloads. */
  readonly cache: string;
}

export function install(volatility: Volatility): Need {
  return { work: 'install', volatility };
}

/** An install of what manifests say. */
export function installOf(project: string, ...manifests: readonly string[]): Need {
  return { work: 'install', volatility: 'dependency-change', project, manifests };
}

export const compile: Need = { work: 'compile', volatility: 'source-change' };

/** A build that fetches its dependencies itself, into `cache`; `command` does that alone. */
export function compileWith(project: string, command: string, cache: string, ...manifests: readonly string[]): Need {
  return { ...compile, project, fetch: { command, cache }, manifests };
}

export const download: Need = { work: 'download', volatility: 'never' };
