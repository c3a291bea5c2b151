import { DlintError } from '../../errors.ts';
import { printablePath } from '../path.ts';
import type { KeptBody, Probe, ProbeSink } from '../record.ts';
import { compileGlobs } from './globs.ts';
import type { ProbeContext } from './index.ts';

export interface KeepOptions {
  /** Matched against whole paths, without leading `/`; `*` and `**` match dot files, too. */
  readonly globs: readonly string[];
}

/** Keeps whole files for catalogers. What is over its bounds is told as a problem and not kept. */
export function keepProbe(options: unknown, { limits, problem }: ProbeContext): Probe<KeptBody> {
  const matches = compileGlobs(decodeOptions(options).globs);
  let kept = 0;
  return {
    name: 'keep',
    version: 1,
    needsHead: false,
    wants({ path, size }) {
      if (!matches(path)) return false;
      const reason =
        size > limits.keptFileBytes
          ? `${size} bytes are more than the ${limits.keptFileBytes} that are kept of one file`
          : kept + size > limits.keptBytes
            ? `the files kept of this layer are more than ${limits.keptBytes} bytes`
            : undefined;
      if (reason) problem(`${printablePath(path)}: not read: ${reason}`);
      else kept += size;
      return !reason;
    },
    open: ({ index }) => collect(index),
  };
}

function collect(entry: number): ProbeSink<KeptBody> {
  const chunks: Uint8Array[] = [];
  return {
    // A copy with a buffer of its own, so that it can move to another thread.
    write: (chunk) => void chunks.push(new Uint8Array(chunk)),
    end: () => ({ entry, bytes: joined(chunks) }),
  };
}

function joined(chunks: Uint8Array[]): Uint8Array {
  const [first] = chunks;
  if (chunks.length === 1 && first) return first;
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function decodeOptions(options: unknown): KeepOptions {
  const globs = (options as Partial<KeepOptions> | undefined)?.globs;
  if (Array.isArray(globs) && globs.every((glob) => typeof glob === 'string')) return { globs };
  throw new DlintError('E_USAGE', 'the keep probe takes a list of globs', { where: 'probe keep' });
}
