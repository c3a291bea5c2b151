/**
 * Lets V8 optimize functions later. A hundred rules are a thousand functions that each run a little on every file: V8 11
 * (Node 20) compiles most of them again and again, which takes more time than all linting. V8 12 and later wait long
 * enough of their own accord, and know this setting no more.
 */
export async function optimizeLater(): Promise<void> {
  if (!process.versions.v8.startsWith('11.')) return;
  const { setFlagsFromString } = await import('node:v8');
  // In units of bytecode; V8's own is 67584.
  setFlagsFromString('--interrupt-budget=1000000');
}
