import { sniff } from '../sniff.ts';
import { engineReference, saveImage } from './engine.ts';
import { readHead, statOf } from './read-head.ts';
import { readStandardInput } from './standard-input.ts';
import { openInput } from './tar-input.ts';

/**
 * The bytes of what can only be read once, from front to back: a pipe, an archive that is compressed as a whole, what a
 * container engine writes. Undefined for everything else. Nothing is read before the first byte is asked for; a chunk is
 * valid until the next one is.
 * Throws `E_READ`.
 */
export function openStream(reference: string): AsyncIterable<Buffer> | undefined {
  const engine = engineReference(reference);
  if (engine) return saveImage(engine, reference);
  if (reference === '-' || reference === '/dev/stdin') return readStandardInput();
  const found = statOf(reference);
  const isStream = found?.isFIFO() || (found?.isFile() && sniff(readHead(reference, reference)) !== 'other');
  return isStream ? openInput(reference) : undefined;
}
