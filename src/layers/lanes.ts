/**
 * Does `action` for every item, in order, at most `lanes` at a time. The first failure ends the others through the
 * signal they are given, and is thrown when all have ended.
 */
export async function eachInLanes<T>(
  items: readonly T[],
  lanes: number,
  signal: AbortSignal | undefined,
  action: (item: T, signal: AbortSignal | undefined) => Promise<void>,
): Promise<void> {
  if (lanes === 1) {
    for (const item of items) await action(item, signal);
    return;
  }
  const waiting = [...items];
  const failed = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const lane = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await action(item, stop);
  };
  const run = async (): Promise<void> => {
    try {
      await lane();
    } catch (error) {
      waiting.length = 0;
      failed.abort(error);
      throw error;
    }
  };
  await Promise.allSettled(Array.from({ length: Math.min(lanes, items.length) }, run));
  signal?.throwIfAborted();
  if (failed.signal.aborted) throw failed.signal.reason;
}

/** What both give, when both have ended; the first one's failure goes before the second's, and none stays unheard. */
export async function bothOf<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  const [first, second] = await Promise.allSettled([one, other]);
  if (first.status === 'rejected') throw first.reason;
  if (second.status === 'rejected') throw second.reason;
  return [first.value, second.value];
}
