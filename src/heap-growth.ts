/**
 * Lets V8's heap grow in small steps from here on. Of its own accord it lets garbage pile up to several times of what
 * is in use, and its young generation alone takes 34 MB: more than a bill of materials of ten thousand packages needs.
 * To be called when all threads are started: the start of one sets the step of the young generation back.
 */
export function growHeapSlowly(): void {
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=20');
}
