import { DlintError } from '../../../errors.ts';
import { authorize } from './authorize.ts';
import { type FoundCredentials, findCredentials } from './credentials.ts';
import { isPassingFailure, networkError } from './network-error.ts';
import { refusal } from './refusal.ts';
import { isPassingStatus, pause, RETRY, type RetryPolicy, retryAfter } from './retry.ts';
import { type Answer, send } from './transport.ts';

export interface ClientOptions {
  readonly policy?: RetryPolicy;
  /** Where credentials are looked for. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface GetOptions {
  /** A 404 is an answer, too. */
  readonly mayMiss?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads from one repository of a registry (OCI distribution-spec 1.1). Credentials are looked up when the registry asks
 * for them, and stay in here.
 */
export class RegistryClient {
  readonly origin: URL;
  readonly repository: string;
  readonly policy: RetryPolicy;
  readonly #env: NodeJS.ProcessEnv;
  #found: Promise<FoundCredentials> | undefined;
  #authorization: string | undefined;
  #renewal: Promise<void> | undefined;

  /** @param origin scheme, host and port */
  constructor(origin: URL, repository: string, { policy = RETRY, env = process.env }: ClientOptions = {}) {
    this.origin = origin;
    this.repository = repository;
    this.policy = policy;
    this.#env = env;
  }

  /** The address of a part of the repository, e.g. `manifests/latest`. */
  url(path: string): URL {
    return new URL(`/v2/${this.repository}/${path}`, this.origin);
  }

  /**
   * Asks for a part of the repository; failures that may pass are tried again. The answer's status is below 300, or a 404
   * that was asked for.
   * Throws `E_REGISTRY`, and the signal's reason.
   */
  async get(path: string, { headers, mayMiss, signal }: GetOptions = {}): Promise<Answer> {
    const url = this.url(path);
    let isRenewed = false;
    for (let attempt = 1; ; attempt++) {
      const authorization = this.#authorization;
      const answer = await this.#try(
        attempt,
        () => send({ url, authorization, signal, ...(headers && { headers }) }, this.policy),
        url,
        signal,
      );
      if (!answer) continue;
      if (answer.status < 300 || (mayMiss === true && answer.status === 404)) return answer;
      if (answer.status === 401 && !isRenewed) {
        isRenewed = true;
        attempt--;
        answer.discard();
        await this.#renew(authorization, answer, signal);
      } else await this.#refuse(attempt, answer, signal);
    }
  }

  /** What `action` gives, or undefined after a failure that may pass. */
  async #try<T>(attempt: number, action: () => Promise<T>, url: URL, signal?: AbortSignal): Promise<T | undefined> {
    try {
      return await action();
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof DlintError) throw error;
      if (attempt >= this.policy.attempts || !isPassingFailure(error)) throw networkError(error, url);
      await pause(attempt, undefined, this.policy, signal);
      return undefined;
    }
  }

  /** Waits where another try makes sense, and throws where not. */
  async #refuse(attempt: number, answer: Answer, signal?: AbortSignal): Promise<void> {
    const asked = retryAfter(answer.header('retry-after'), Date.now());
    const isTooLong = asked !== undefined && asked > this.policy.longestDelay;
    if (!isPassingStatus(answer.status) || attempt >= this.policy.attempts || isTooLong) {
      throw await refusal(answer, { client: this, credentials: await this.#found, asked });
    }
    answer.discard();
    await pause(attempt, asked, this.policy, signal);
  }

  /** One renewal at a time; who asked with a header that is not the latest has a newer one already. */
  async #renew(used: string | undefined, answer: Answer, signal?: AbortSignal): Promise<void> {
    if (used !== this.#authorization) return;
    this.#renewal ??= this.#authorize(answer, signal).finally(() => {
      this.#renewal = undefined;
    });
    await this.#renewal;
  }

  async #authorize(answer: Answer, signal?: AbortSignal): Promise<void> {
    this.#found ??= findCredentials(this.origin.host, this.repository, {
      env: this.#env,
      ...(signal && { signal }),
    });
    const found = await this.#found;
    const options = { client: this, found, signal };
    this.#authorization = await authorize(answer, options);
  }
}
