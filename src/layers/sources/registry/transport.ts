import { DlintError } from '../../../errors.ts';
import { followAddress } from './address.ts';
import { Stalled } from './network-error.ts';
import type { RetryPolicy } from './retry.ts';

export interface Outgoing {
  readonly url: URL;
  /** Value of `Authorization`; goes no further than the origin of `url`. */
  readonly authorization?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** A form makes it a POST, which is not redirected. */
  readonly form?: URLSearchParams;
  readonly signal?: AbortSignal | undefined;
}

const MOST_REDIRECTS = 6;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Sends a request and follows its redirects. Throws what `fetch` throws; `E_REGISTRY` for redirects that are refused. */
export async function send(outgoing: Outgoing, policy: RetryPolicy): Promise<Answer> {
  let { url, authorization } = outgoing;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const answer = await exchange({ ...outgoing, url, authorization }, policy);
    const location = REDIRECTS.includes(answer.status) && !outgoing.form ? answer.header('location') : null;
    if (location === null) return answer;
    answer.discard();
    const next = followAddress(url, location, 'redirect');
    // Once it has left, the header is gone for good, wherever it may be led next.
    if (next.origin !== url.origin) authorization = undefined;
    url = next;
  }
  throw new DlintError('E_REGISTRY', `more than ${MOST_REDIRECTS} redirects`, {
    where: `${outgoing.url.host}${outgoing.url.pathname}`,
  });
}

async function exchange({ url, authorization, headers, form, signal }: Outgoing, policy: RetryPolicy): Promise<Answer> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const watch = new Watch(controller, policy);
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: controller.signal,
      headers: {
        'user-agent': 'dlint',
        // Digests are those of the bytes as they are stored.
        'accept-encoding': 'identity',
        ...headers,
        ...(authorization !== undefined && { authorization }),
      },
      ...(form && { method: 'POST', body: form }),
    });
    return new Answer(url, response, watch, () => {
      signal?.removeEventListener('abort', abort);
      controller.abort();
    });
  } catch (error) {
    signal?.removeEventListener('abort', abort);
    watch.stop();
    throw watch.stalled ?? (signal?.aborted ? signal.reason : error);
  }
}

/** Ends a request that gets on too slowly. */
class Watch {
  readonly #controller: AbortController;
  readonly #leastBytes: number;
  readonly #timer: NodeJS.Timeout;
  #bytes = 0;
  stalled: Stalled | undefined;

  constructor(controller: AbortController, { stall, leastBytes }: RetryPolicy) {
    this.#controller = controller;
    this.#leastBytes = leastBytes;
    this.#timer = setInterval(() => this.#look(), stall);
  }

  count(bytes: number): void {
    this.#bytes += bytes;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (this.#bytes < this.#leastBytes) {
      this.stalled = new Stalled();
      this.stop();
      this.#controller.abort(this.stalled);
    }
    this.#bytes = 0;
  }
}

/** An answer whose body is still to come. Either read it, or discard it. */
export class Answer {
  readonly url: URL;
  readonly #response: Response;
  readonly #watch: Watch;
  readonly #close: () => void;

  constructor(url: URL, response: Response, watch: Watch, close: () => void) {
    this.url = url;
    this.#response = response;
    this.#watch = watch;
    this.#close = close;
  }

  get status(): number {
    return this.#response.status;
  }

  header(name: string): string | null {
    return this.#response.headers.get(name);
  }

  /** In lower case and without parameters; empty where none is stated. */
  get mediaType(): string {
    return (this.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  }

  async *chunks(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of this.#response.body ?? []) {
        const { buffer, byteOffset, byteLength } = chunk as Uint8Array<ArrayBuffer>;
        this.#watch.count(byteLength);
        yield Buffer.from(buffer, byteOffset, byteLength);
      }
    } catch (error) {
      throw this.#watch.stalled ?? error;
    } finally {
      this.discard();
    }
  }

  /** The whole body. Throws `E_LIMIT` when it is longer than `most` bytes. */
  async bytes(most: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let total = 0;
    for await (const chunk of this.chunks()) {
      total += chunk.length;
      if (total > most) {
        const where = `${this.url.host}${this.url.pathname}`;
        throw new DlintError('E_LIMIT', `an answer of more than ${most} bytes`, { where });
      }
      parts.push(chunk);
    }
    return Buffer.concat(parts);
  }

  discard(): void {
    this.#watch.stop();
    this.#close();
  }
}
