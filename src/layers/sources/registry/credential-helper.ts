import { fields, text } from '../json.ts';
import type { CredentialOptions, Credentials } from './credentials.ts';

const LONGEST_ANSWER = 1024 * 1024;
const LONGEST_WAIT_MS = 60_000;

export interface HelperAnswer {
  readonly credentials?: Credentials;
  /** Why it gave none; absent when it just has none. */
  readonly problem?: string;
}

/**
 * Asks `docker-credential-NAME get` (docker/docker-credential-helpers): the server on standard input, an object on
 * standard output. What it prints is never passed on.
 */
export async function askHelper(name: string, server: string, options: CredentialOptions): Promise<HelperAnswer> {
  if (!/^[\w.-]{1,100}$/.test(name)) return { problem: 'a credential helper of an impossible name' };
  const program = `docker-credential-${name}`;
  const { output, fault } = await run(program, server, options);
  if (fault) return { problem: `${program} ${fault}` };
  if (/credentials not found/i.test(output)) return {};
  try {
    const answer = fields(JSON.parse(output));
    const username = text(answer.get('username')) ?? '';
    const secret = text(answer.get('secret')) ?? '';
    if (secret === '') return {};
    if (username === '<token>') return { credentials: { kind: 'identity', username, token: secret } };
    return { credentials: { kind: 'password', username, password: secret } };
  } catch {
    return { problem: `${program} does not answer in JSON` };
  }
}

/** What it printed; a helper that has no credentials says so and fails, and that is no fault. */
async function run(
  program: string,
  input: string,
  { env, signal }: CredentialOptions,
): Promise<{ output: string; fault?: string }> {
  signal?.throwIfAborted();
  const { spawn } = await import('node:child_process');
  return await new Promise((resolve) => {
    const child = spawn(program, ['get'], {
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: LONGEST_WAIT_MS,
      ...(signal && { signal }),
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.length > LONGEST_ANSWER) child.kill();
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      resolve({ output: '', fault: error.code === 'ENOENT' ? 'is not there' : 'cannot be run' });
    });
    child.once('close', (code) => {
      const isAbsent = code !== 0 && /credentials not found/i.test(output);
      resolve({ output, ...(code !== 0 && !isAbsent && { fault: `failed (${code ?? 'ended by a signal'})` }) });
    });
    // One that does not read its input is not waited for.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
