/**
 * A list of pieces of work from which several threads take one after the other, so that none waits while there is
 * something left to do. Plain data of four bytes, shared between threads.
 */
export type Turns = Int32Array<SharedArrayBuffer>;

export function startTurns(): Turns {
  return new Int32Array(new SharedArrayBuffer(4));
}

/** The index of a piece that nobody else takes, in order; from `count` on nothing is left. */
export function* taken(turns: Turns, count: number): Generator<number> {
  for (let i = Atomics.add(turns, 0, 1); i < count; i = Atomics.add(turns, 0, 1)) yield i;
}
