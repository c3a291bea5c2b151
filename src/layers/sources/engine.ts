import { once } from 'node:events';
import { DlintError } from '../../errors.ts';

/** An image in the store of a container engine on this machine. */
export interface EngineReference {
  /** The engine's program: it is found on PATH. */
  readonly program: 'docker' | 'podman' | 'nerdctl';
  readonly name: string;
}

/** The names of skopeo and of others for the same thing. */
const PREFIXES: Readonly<Record<string, EngineReference['program']>> = {
  'docker-daemon:': 'docker',
  'podman:': 'podman',
  'containers-storage:': 'podman',
  'nerdctl:': 'nerdctl',
  'containerd:': 'nerdctl',
};

const MOST_COMPLAINT = 2000;

/** Undefined when the reference is none to an engine. Throws `E_USAGE` for one without a name. */
export function engineReference(reference: string): EngineReference | undefined {
  const prefix = Object.keys(PREFIXES).find((one) => reference.startsWith(one));
  if (prefix === undefined) return undefined;
  const name = reference.slice(prefix.length);
  // What begins with a dash would be an option of the program.
  if (/^[\w@][\w.:/@+-]*$/.test(name)) return { program: PREFIXES[prefix] as EngineReference['program'], name };
  throw new DlintError('E_USAGE', 'this is no name of an image', {
    where: reference,
    hint: `${prefix}NAME[:TAG], e.g. ${prefix}app:1.2`,
  });
}

/**
 * The archive that `docker save NAME` and its likes write to standard output. The program is run without a shell.
 * Errors come from the iteration: `E_UNSUPPORTED` without the program, `E_NO_SUCH_IMAGE`, `E_READ`.
 */
export async function* saveImage({ program, name }: EngineReference, reference: string): AsyncGenerator<Buffer> {
  const { spawn } = await import('node:child_process');
  const child = spawn(program, ['save', name], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(0, MOST_COMPLAINT);
  });
  const closed = once(child, 'close').then(
    ([code]) => (code === 0 ? undefined : failure(program, name, complaint, reference)),
    (error: NodeJS.ErrnoException) => startFailure(program, error, reference),
  );
  let isWhole = false;
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    isWhole = true;
  } finally {
    // Nobody wants the rest.
    if (!isWhole) child.kill();
  }
  const failed = await closed;
  if (failed) throw failed;
}

function startFailure(program: string, error: NodeJS.ErrnoException, where: string): DlintError {
  if (error.code !== 'ENOENT') return new DlintError('E_READ', `${program} cannot be run: ${error.message}`, { where });
  return new DlintError('E_UNSUPPORTED', `there is no program ${program} here`, {
    where,
    hint: `install ${program}, or save the image elsewhere and give the archive`,
  });
}

function failure(program: string, name: string, complaint: string, where: string): DlintError {
  const said = complaint.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
  if (/no such image|not known|not found|does not exist|reference does not exist/i.test(complaint)) {
    return new DlintError('E_NO_SUCH_IMAGE', `${program} has no image ${name}`, {
      where,
      hint: `${program} images lists what it has; without a prefix, the name is looked up in its registry`,
    });
  }
  return new DlintError('E_READ', `${program} save failed: ${said === '' ? 'it says nothing' : said}`, {
    where,
    hint: /daemon|connect|permission denied/i.test(complaint)
      ? `is ${program} running, and may this user speak to it? ${program} images must work`
      : `try ${program} save ${name} yourself`,
  });
}
