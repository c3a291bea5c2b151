import type { Image } from './layers/image.ts';
import { visible } from './report/style.ts';
import type { Terminal } from './terminal.ts';

/** Tells on standard error what is odd about an image, for commands whose output has no place for it. */
export function noteWarnings({ reference, warnings }: Image, isQuiet: boolean, terminal: Terminal): void {
  if (isQuiet) return;
  for (const warning of warnings) terminal.warn(`note   ${visible(reference)}: ${visible(warning)}\n`);
}
