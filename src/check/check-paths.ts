import type { ImagePolicy } from '../config/image-policy.ts';
import { compileGlobs } from '../layers/probes/globs.ts';
import type { LayerRecord } from '../layers/record.ts';
import type { StackedImage } from '../layers/stacked-image.ts';
import { counted } from '../report/units.ts';
import type { Found } from './image-rules.ts';

/** Paths told for one rule; the rest are counted. */
const MOST_PATHS = 100;

/** Every layer is looked through: what a later one removes is still in the image. */
export function* checkPaths({ records, tree }: StackedImage, globs: readonly string[]): Generator<Found> {
  if (globs.length === 0) return;
  const matches = compileGlobs(globs.map((glob) => glob.replace(/^\/+/, '')));
  const folders = new Set<string>();
  let count = 0;
  for (const [i, { entries }] of (records as readonly LayerRecord[]).entries()) {
    for (let index = 0; index < entries.length; index++) {
      const kind = entries.kind(index);
      if (kind === 'whiteout' || kind === 'opaque') continue;
      const path = entries.path(index);
      if (!matches(path)) continue;
      if (kind === 'directory') {
        // Every layer that changes something in a folder has the folder again.
        if (folders.has(path)) continue;
        folders.add(path);
      }
      if (++count > MOST_PATHS) continue;
      const layer = i + 1;
      const found = tree.get(path);
      const isThere = found?.layer === layer || kind === 'hardlink' || (found && kind === 'directory');
      const note = isThere ? '' : '; a later layer hides it, and it is stored all the same';
      yield { rule: 'forbidden-path', message: `a forbidden path${note}`, path, layer };
    }
  }
  if (count > MOST_PATHS) yield more('forbidden-path', count);
}

const bits = { setuid: 0o4000, setgid: 0o2000, 'world-writable': 0o002 } as const;
const STICKY = 0o1000;

/** The final tree: a mode that a later layer takes away does no harm. */
export function* checkModes(
  { tree }: StackedImage,
  forbidden: NonNullable<ImagePolicy['forbiddenModes']>,
): Generator<Found> {
  if (forbidden.length === 0) return;
  let count = 0;
  for (const file of tree.files()) {
    const { kind } = file;
    if (kind === 'symlink' || kind === 'character-device' || kind === 'block-device' || kind === 'fifo') continue;
    const { mode } = file.entry;
    const found = forbidden.filter((name) => {
      if (kind === 'directory') return name === 'world-writable' && (mode & bits[name]) !== 0 && (mode & STICKY) === 0;
      return (mode & bits[name]) !== 0;
    });
    if (found.length === 0 || ++count > MOST_PATHS) continue;
    yield {
      rule: 'forbidden-mode',
      message: `it is ${found.join(' and ')}`,
      path: file.path,
      layer: file.layer,
      key: found.join(),
    };
  }
  if (count > MOST_PATHS) yield more('forbidden-mode', count);
}

function more(rule: Found['rule'], count: number): Found {
  return { rule, message: `${counted(count - MOST_PATHS, 'path')} more`, key: 'more' };
}
