import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DlintError } from '../../src/errors.ts';
import { BrowsedImage } from '../../src/interactive/browsed-image.ts';
import { load } from '../../src/interactive/load.ts';
import { render, renderPlain } from '../../src/interactive/render.ts';
import { type Reading, type State, startState } from '../../src/interactive/state.ts';
import { happen, update } from '../../src/interactive/update.ts';
import { readBodies } from '../../src/layers/read-bodies.ts';
import { Scratch } from '../../src/layers/scratch.ts';
import { shared } from '../support/shared.ts';

const folder = shared('images/archives');
const archives =
  folder === undefined
    ? []
    : readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(tar|tgz|gz|xz)$/.test(name));

describe.skipIf(!folder)('real archives', () => {
  test.each(archives)('%s can be looked around in, and its files read', async (name) => {
    const scratch = new Scratch();
    try {
      const readings: Reading[] = [];
      const inspected = await load(
        join(folder as string, name),
        { tool: { name: 'dlint', version: '0' }, scratch },
        (reading) => readings.push(reading),
        () => undefined,
      );
      expect(readings[0]?.layers.length).toBe(inspected.image.layers.length);
      const size = { columns: 100, rows: 30 };
      let state = happen(startState({ reference: name, size }), { what: 'image', image: new BrowsedImage(inspected) });
      for (const keys of ['tab e', 'j j j enter', 'escape q', 'c s G v', 'q t ] i', 'q u a', '[ tab tab tab']) {
        state = await pressed(state, keys, inspected);
        for (const line of render(state, true)) {
          expect(line.replace(/\x1b\[[0-9;]*m/g, '')).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
        }
        expect(renderPlain(state)).toHaveLength(30);
      }
    } catch (error) {
      // What is no image is tested with `openImage`.
      expect(error).toBeInstanceOf(DlintError);
    } finally {
      scratch.dispose();
    }
  });
});

async function pressed(state: State, keys: string, { image }: Awaited<ReturnType<typeof load>>): Promise<State> {
  let now = state;
  for (const key of keys.split(' ')) {
    now = update(now, key);
    if (now.wish?.to !== 'read') continue;
    const { layer, path, bodyOffset, size } = now.wish;
    const at = image.layers[layer - 1]?.at;
    if (!at) throw new Error(`no layer ${layer}`);
    const [bytes = new Uint8Array()] = await readBodies(at, [{ bodyOffset, size: Math.min(size, 1 << 20) }]);
    expect(bytes.length).toBe(Math.min(size, 1 << 20));
    now = happen(now, { what: 'file', path, bytes, size });
  }
  return now;
}
