import { createHash } from 'node:crypto';
import { DlintError } from '../../../errors.ts';
import type { Digest } from '../../../report/finding.ts';
import type { RegistryClient } from './client.ts';
import { isPassingFailure, networkError } from './network-error.ts';
import { pause } from './retry.ts';
import type { Answer } from './transport.ts';

export interface Blob {
  readonly digest: Digest;
  /** Bytes, as the manifest states them. */
  readonly length: number;
}

export interface BlobOptions {
  /** What the blob is called in errors. */
  readonly where: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The bytes of a blob, in order. A transfer that breaks is taken up where it broke. Only when the last chunk has been
 * taken and the generator has ended are they proven.
 * Throws `E_REGISTRY`; `E_DIGEST` where the bytes are not those that the digest names.
 */
export async function* blobChunks(
  client: RegistryClient,
  { digest, length }: Blob,
  { where, signal }: BlobOptions,
): AsyncGenerator<Buffer> {
  const { policy } = client;
  const hash = createHash(digest.startsWith('sha512:') ? 'sha512' : 'sha256');
  const path = `blobs/${digest}`;
  let at = 0;
  let failures = 0;
  do {
    const start = at;
    const answer = await client.get(path, { signal, ...(at > 0 && { headers: { range: `bytes=${at}-` } }) });
    try {
      for await (const chunk of fromPlace(answer, at, where)) {
        at += chunk.length;
        if (at > length) throw mismatch(`more than the ${length} bytes that the manifest states`, where);
        hash.update(chunk);
        yield chunk;
      }
      if (at < length) throw cut();
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof DlintError) throw error;
      failures = at - start >= policy.progressBytes ? 1 : failures + 1;
      if (failures >= policy.attempts || !isPassingFailure(error)) throw networkError(error, answer.url);
      await pause(failures, undefined, policy, signal);
    }
  } while (at < length);
  const actual = `${digest.slice(0, 6)}:${hash.digest('hex')}`;
  if (actual !== digest) throw mismatch(actual, where, digest);
}

/** The rest of a blob from `at` on; a server that knows no ranges sends it from the start. */
async function* fromPlace(answer: Answer, at: number, where: string): AsyncGenerator<Buffer> {
  let skip = 0;
  if (answer.status === 206) {
    const range = /^bytes (\d+)-/.exec(answer.header('content-range') ?? '');
    if (Number(range?.[1]) !== at) {
      answer.discard();
      throw new DlintError('E_REGISTRY', 'the registry sends another part of the blob than was asked for', { where });
    }
  } else skip = at;
  for await (const chunk of answer.chunks()) {
    const start = Math.min(skip, chunk.length);
    skip -= start;
    if (start < chunk.length) yield start === 0 ? chunk : chunk.subarray(start);
  }
}

function cut(): Error {
  return Object.assign(new Error('the transfer ended early'), { code: 'ESHORT' });
}

function mismatch(actual: string, where: string, digest?: Digest): DlintError {
  return new DlintError('E_DIGEST', `the registry sends ${actual}${digest ? `, not ${digest}` : ''}`, {
    where,
    hint: 'a broken proxy or registry; nothing of it was used',
  });
}
