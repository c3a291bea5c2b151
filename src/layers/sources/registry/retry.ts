import { setTimeout } from 'node:timers/promises';

/** How long a registry is borne with. Times in milliseconds. */
export interface RetryPolicy {
  /** Tries in a row that bring nothing. */
  readonly attempts: number;
  /** Doubled with each try. */
  readonly firstDelay: number;
  /** Longest wait for one try, also when the server asks for more: then it is an error. */
  readonly longestDelay: number;
  /** Time in which an answer must begin, and `leastBytes` of its body must come. */
  readonly stall: number;
  readonly leastBytes: number;
  /** Bytes after which a broken transfer counts as one that got on. */
  readonly progressBytes: number;
}

export const RETRY: RetryPolicy = {
  attempts: 6,
  firstDelay: 300,
  longestDelay: 60_000,
  stall: 30_000,
  leastBytes: 4096,
  progressBytes: 256 * 1024,
};

/** Statuses that may be another the next time. */
export function isPassingStatus(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/** Milliseconds that a `Retry-After` asks for (RFC 9110, 10.2.3); undefined where it states none. */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Waits before try `attempt`, from 1: what the server asks for, or twice as long each time, with some chance in it. */
export async function pause(
  attempt: number,
  asked: number | undefined,
  policy: RetryPolicy,
  signal?: AbortSignal,
): Promise<void> {
  const backOff = policy.firstDelay * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
  const delay = Math.min(asked ?? backOff, policy.longestDelay);
  await setTimeout(delay, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
}
