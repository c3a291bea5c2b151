/** From so many UTF-16 units on, in one file or in many, it pays to tell V8 what is coming. */
const muchText = 4000;

/** Counts the text that is linted, and sets V8 up for much of it once there is. */
export class Workload {
  #units = 0;

  add(units: number): void {
    const wasLittle = this.#units < muchText;
    this.#units += units;
    if (wasLittle && this.#units >= muchText) optimizeLater();
  }
}

/**
 * Lets V8 optimize functions later. A hundred rules are a thousand functions that each run a little on every file: V8 11
 * (Node 20) compiles most of them again and again, which takes more time than all linting. V8 12 and later wait long
 * enough of their own accord, and know this setting no more.
 */
function optimizeLater(): void {
  if (!process.versions.v8.startsWith('11.')) return;
  // Not imported: a start that lints one small file has no use for it, and it takes 2 ms. The budget is in units of
  // bytecode; V8's own is 67584.
  process.getBuiltinModule('node:v8').setFlagsFromString('--interrupt-budget=1000000');
}

/**
 * Lets V8 inline less into the functions it optimizes. Each step of reading an image runs for a tenth of a second: on
 * V8 11 (Node 20) much of that goes into compiling.
 */
export function inlineLittle(): void {
  if (!process.versions.v8.startsWith('11.')) return;
  // In units of bytecode; V8's own is 920. A code cache that is read later is not taken: others set the same.
  process.getBuiltinModule('node:v8').setFlagsFromString('--max-inlined-bytecode-size-cumulative=200');
}
