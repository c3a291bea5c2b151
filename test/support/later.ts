import { vi } from 'vitest';

/** Does it five seconds from now: a file counts as settled two seconds after its last change. */
export async function later<T>(action: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5000 });
  try {
    return await action();
  } finally {
    vi.useRealTimers();
  }
}
