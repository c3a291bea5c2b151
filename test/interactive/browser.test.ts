import { describe, expect, test } from 'vitest';
import { DlintError } from '../../src/errors.ts';
import { BrowsedImage } from '../../src/interactive/browsed-image.ts';
import { Preview } from '../../src/interactive/preview.ts';
import { render, renderPlain } from '../../src/interactive/render.ts';
import { CHANGES_ONLY, type StartOptions, type State, startState } from '../../src/interactive/state.ts';
import { happen, update } from '../../src/interactive/update.ts';
import { imageReport } from '../../src/layers/report.ts';
import { stack } from '../../src/layers/stack.ts';
import { displayWidth } from '../../src/report/style.ts';
import { directory, file, record, symlink, whiteout } from '../support/entries.ts';
import { imageOf } from '../support/image-of.ts';

const records = [
  record(
    directory('etc'),
    file('etc/passwd', 'root'),
    file('etc/group', 'wheel:'),
    directory('usr'),
    directory('usr/lib'),
    file('usr/lib/libc.so', 'x'.repeat(3000)),
    file('usr/lib/liba.so', 'y'.repeat(10)),
    symlink('lib', 'usr/lib'),
  ),
  record(file('etc/passwd', 'root and me', { mode: 0o600, uid: 7 }), file('opt/tool/漢字', '#!')),
  record(whiteout('etc/group'), file('usr/lib/new\x1b[2J\nname', 'z')),
];
const tree = stack(records);
const image = new BrowsedImage({
  report: imageReport(imageOf(3), records, tree, { tool: { name: 'dlint', version: '0' } }),
  tree,
});

function begin(options: Partial<StartOptions> = {}): State {
  const start = startState({ reference: 'app.tar', size: { columns: 80, rows: 24 }, ...options });
  return happen(start, { what: 'image', image });
}

/** The state after these keys, words by spaces. */
function press(state: State, keys: string): State {
  return keys.split(' ').reduce((now, key) => update(now, key === '␣' ? ' ' : key), state);
}

function type(state: State, text: string): State {
  return [...text].reduce(update, state);
}

const screen = (state: State) => renderPlain(state).join('\n');
/** Lines of the tree: sign and name. */
const listed = (state: State) =>
  renderPlain(state)
    .slice(renderPlain(state).findIndex((line) => /^[ ─] ?(Files|Changes)/.test(line)) + 1, -2)
    .filter((line) => line !== '')
    .map((line) => `${line[0]} ${line.slice(32).trim()}`);

describe('the tree', () => {
  test('closed at first, with what the layer did', () => {
    expect(listed(begin({ layer: 2 }))).toEqual(['· ▸ etc/', '  lib -> usr/lib', '· ▸ opt/', '  ▸ usr/']);
  });

  test('opens and closes', () => {
    const open = press(begin({ layer: 2 }), 'tab right');
    expect(listed(open)).toEqual(['· ▾ etc/', '  group', '~ passwd', '  lib -> usr/lib', '· ▸ opt/', '  ▸ usr/']);
    expect(listed(press(open, 'down left left'))).toEqual(listed(begin({ layer: 2 })));
    expect(listed(press(begin(), 'tab e')).length).toBe(8);
    expect(listed(press(begin(), 'tab e e')).length).toBe(3);
  });

  test('modes, owners and sizes of what is listed', () => {
    const line = screen(press(begin({ layer: 2 }), 'tab e'))
      .split('\n')
      .find((one) => one.includes('passwd'));
    expect(line).toBe('~ -rw------- 7:0            11 B     passwd');
  });

  test('changes alone are open, removed paths are there', () => {
    const changes = press(begin({ layer: 3 }), 'tab c');
    expect(screen(changes)).toContain('Changes of layer 3 · 5 lines');
    expect(listed(changes)).toEqual(['· ▾ etc/', '- group', '· ▾ usr/', '· ▾ lib/', '+ new\\x1b[2J\\nname']);
    expect(listed(press(changes, 'r'))).toEqual(['· ▾ usr/', '· ▾ lib/', '+ new\\x1b[2J\\nname']);
    expect(listed(press(changes, 'a r'))).toEqual(
      ['  nothing to list: Esc takes the filter away, c shows everything'.slice(32).trim()].map((text) => `  ${text}`),
    );
    expect(listed(begin({ layer: 3, shown: CHANGES_ONLY }))).toEqual(listed(changes));
  });

  test('changes of several layers', () => {
    const both = press(begin({ layer: 3 }), 'tab t c');
    expect(screen(both)).toContain('Changes of layers 2 to 3');
    expect(listed(both)).toContain('+ 漢字');
    expect(listed(both)).toContain('~ passwd');
    expect(listed(both)).toContain('- group');
  });

  test('keys of dive do what they do there', () => {
    const inTree = press(begin({ layer: 2 }), 'tab');
    for (const [theirs, ours] of [
      ['ctrl-space', 'e'],
      ['ctrl-a', 't'],
      ['ctrl-o', 's'],
    ]) {
      expect(screen(press(inTree, theirs as string))).toBe(screen(press(inTree, ours as string)));
      expect(screen(press(inTree, theirs as string))).not.toBe(screen(inTree));
    }
  });

  test('by size', () => {
    expect(listed(press(begin(), 's'))).toEqual(['+ ▸ usr/', '+ ▸ etc/', '+ lib -> usr/lib']);
  });

  test('a filter leaves matches and what leads to them; Escape takes it away', () => {
    const typing = type(press(begin(), 'tab /'), 'liba');
    expect(screen(typing)).toMatch(/filter \(text, glob\* or ~expression\): liba$/m);
    expect(listed(happen(typing, { what: 'paused' }))).toEqual(['+ ▾ usr/', '+ ▾ lib/', '+ liba.so']);
    expect(listed(press(happen(typing, { what: 'paused' }), 'escape'))).toEqual(listed(begin()));
    const filtered = press(typing, 'enter');
    expect(listed(filtered)).toEqual(['+ ▾ usr/', '+ ▾ lib/', '+ liba.so']);
    expect(screen(filtered)).toContain('· filter liba');
    expect(listed(press(filtered, 'escape'))).toEqual(listed(begin()));
  });

  test('what is no expression is said, and stays to be repaired', () => {
    const typing = press(type(press(begin(), '/'), '~('), 'enter');
    expect(screen(typing)).toMatch(/~\( .*Unterminated group/);
    expect(typing.filter).toBeUndefined();
    expect(press(typing, 'backspace backspace backspace').prompt).toBeUndefined();
  });

  test('a search opens what hides a match, and goes on in both directions', () => {
    const found = press(type(press(begin(), 'f'), '.so'), 'enter');
    const at = (state: State) => image.tree(1, 1).path(state.node);
    expect([at(found), at(press(found, 'n')), at(press(found, 'n n')), at(press(found, 'N'))]).toEqual([
      'usr/lib/liba.so',
      'usr/lib/libc.so',
      'usr/lib/liba.so',
      'usr/lib/libc.so',
    ]);
    expect(listed(found)).toContain('+ liba.so');
    expect(screen(press(type(press(begin(), 'f'), 'nowhere'), 'enter'))).toContain('nothing matches nowhere');
    expect(screen(press(begin(), 'n'))).toContain('nothing was searched for');
  });

  test('what is not listed in another layer hands over to its directory', () => {
    const tool = press(type(press(begin({ layer: 2 }), 'f'), '漢'), 'enter');
    const path = ({ layer, node }: State) => image.tree(layer, layer).path(node);
    expect(path(tool)).toBe('opt/tool/漢字');
    expect(path(press(tool, ']'))).toBe('opt/tool/漢字');
    expect(press(tool, '[').node).toBeGreaterThan(0);
  });

  test('Enter follows a link', () => {
    const lib = press(begin(), 'tab down enter');
    expect(image.tree(1, 1).path(lib.node)).toBe('usr/lib');
  });
});

describe('files and instructions', () => {
  test('a file is wished for, of a removed one what it was', () => {
    const passwd = press(begin({ layer: 1 }), 'tab right down down v');
    expect(passwd.wish).toEqual({ to: 'read', layer: 1, path: 'etc/passwd', bodyOffset: 0, size: 4 });
    const removed = press(begin({ layer: 3 }), 'tab c down enter');
    expect(removed.wish).toMatchObject({ to: 'read', layer: 1, path: 'etc/group' });
    expect(screen(removed)).toContain('etc/group · reading …');
    expect(press(removed, 'q')).toMatchObject({ pager: undefined, wish: { to: 'stop-reading' } });
  });

  test('what comes is shown, and searched', () => {
    const opened = press(begin(), 'tab right down v');
    const text = Array.from({ length: 100 }, (_, i) => `line ${i}`).join('\n');
    const shown = happen(opened, { what: 'file', path: 'etc/group', bytes: Buffer.from(text), size: text.length });
    expect(renderPlain(shown).slice(0, 3)).toEqual([' etc/group · 789 B · 22 of 100 lines', 'line 0', 'line 1']);
    expect(renderPlain(press(shown, 'G'))[22]).toBe('line 99');
    expect(renderPlain(press(type(press(shown, '/'), 'line 50'), 'enter'))[1]).toBe('line 50');
    expect(renderPlain(press(shown, 'x'))[1]).toMatch(/^00000000 {2}6c 69 6e 65 20 30/);
    expect(renderPlain(press(shown, 'right'))[1]).toBe('');
  });

  test('an error is said in the last line', () => {
    const opened = press(begin(), 'tab right down v');
    const error = new DlintError('E_TRUNCATED', 'a body lies outside', { where: 'app.tar: layer 1' });
    expect(renderPlain(happen(opened, { what: 'failed', error })).at(-1)).toBe('a body lies outside: app.tar: layer 1');
  });

  test('the instruction of a layer, and of a path', () => {
    expect(screen(press(begin({ layer: 2 }), 'i'))).toMatch(/layer 2 · the instruction that made it.*\nRUN step 2/);
    const passwd = press(begin({ layer: 3 }), 'tab right down down i');
    expect(passwd).toMatchObject({ layer: 2, pane: 'layers' });
    expect(screen(passwd)).toContain('RUN step 2');
  });

  test('a directory has no bytes', () => {
    expect(screen(press(begin(), 'tab v'))).toContain('a directory has no bytes to show');
  });
});

describe('panes', () => {
  test('Tab goes round, details tell about the path', () => {
    const details = press(begin({ layer: 2 }), 'tab right down down tab');
    expect(details.pane).toBe('details');
    expect(screen(details)).toMatch(
      / path +\/etc\/passwd\n kind +file\n size +11 B\n mode +-rw------- \(0600\)\n owner +7:0/,
    );
    expect(screen(details)).toContain('change     modified, content, mode, owner');
    expect(press(details, 'tab').pane).toBe('layers');
    expect(press(details, 'shift-tab').pane).toBe('tree');
  });

  test('the layer stays within the image', () => {
    expect([press(begin(), 'k').layer, press(begin(), 'G j').layer, press(begin(), '[').layer]).toEqual([1, 3, 1]);
    expect(press(begin(), 'G k home').layer).toBe(1);
  });

  test('help closes with any key', () => {
    const help = press(begin(), '?');
    expect(screen(help)).toContain('dlint: keys');
    expect(press(help, 'q')).toMatchObject({ isHelp: false, wish: undefined });
  });

  test('keys that end or stop the program', () => {
    expect(press(begin(), 'q').wish).toEqual({ to: 'quit', code: 0 });
    expect(press(begin(), 'tab ? ctrl-c').wish).toEqual({ to: 'quit', code: 130 });
    expect(press(begin(), 'ctrl-z').wish).toEqual({ to: 'suspend' });
  });
});

describe('a large image', () => {
  const many = Array.from({ length: 30_000 }, (_, i) => file(`d${i % 300}/file${i}`, 'x'));
  const layers = [record(...many), record(whiteout('d7'))];
  const large = stack(layers);
  let described = 0;
  const counting = {
    ...large,
    layerTree(layer: number, since: number) {
      const one = large.layerTree(layer, since);
      const shown = (node: number) => {
        described++;
        return one.shown(node);
      };
      return { ...one, shown };
    },
  };
  const report = imageReport(imageOf(2), layers, large, { tool: { name: 'dlint', version: '0' } });
  const open = happen(startState({ reference: 'x', size: { columns: 160, rows: 50 } }), {
    what: 'image',
    image: new BrowsedImage({ report, tree: counting }),
  });

  test.each(['tab e', 'tab e G', 'tab e s pagedown', 'tab c ]', 'tab f 9 9 9 enter n', 'tab / 9 9 enter G'])(
    'after %j no more paths are described than there are lines',
    (keys) => {
      const state = press(open, keys);
      described = 0;
      renderPlain(state);
      expect(described).toBeGreaterThan(0);
      expect(described).toBeLessThanOrEqual(50);
    },
  );

  test('all of it is there', () => {
    const all = press(open, 'tab e');
    expect(screen(all)).toContain('30,300 lines');
    expect(screen(press(all, 'G'))).toContain('/d99/file9999');
    expect(screen(press(all, '] c e e'))).toContain('Changes of layer 2 · 101 lines');
  });
});

describe('while the image is read', () => {
  const reading = {
    reference: 'app.tar',
    layers: [
      { index: 1, instruction: 'ADD rootfs', length: 1000, done: 1000 },
      { index: 2, instruction: 'RUN make', length: 3000, done: 600 },
    ],
    done: 1600,
    total: 4000,
  };
  const start = startState({ reference: 'app.tar', size: { columns: 80, rows: 24 } });

  test('layers are there, with what was read of them', () => {
    const state = happen(start, { what: 'progress', reading });
    expect(screen(state)).toContain('reading layers: 40.0 % of 4.0 kB');
    expect(screen(state)).toMatch(/1 +1\.0 kB +read +ADD rootfs\n +2 +3\.0 kB +20\.0 % +RUN make/);
    expect(press(state, 'j').layer).toBe(2);
  });

  test('every key can be pressed', () => {
    for (const key of ['q', '/', 'f', 'n', 'c', 'tab', 'i', 'enter', 'G', 'escape', 'v', 'e', 's', 't', '?']) {
      expect(render(update(start, key), true)).toHaveLength(24);
    }
  });

  test('the layer of the command line stays selected', () => {
    const state = startState({ reference: 'app.tar', size: { columns: 80, rows: 24 }, layer: 3 });
    expect(
      happen(happen(state, { what: 'resized', size: { columns: 90, rows: 30 } }), { what: 'image', image }).layer,
    ).toBe(3);
  });
});

describe('the layers that are read so far', () => {
  const lower = records.slice(0, 2);
  const lowerTree = stack(lower);
  const preview = new BrowsedImage({
    report: imageReport(imageOf(2), lower, lowerTree, { tool: { name: 'dlint', version: '0' } }),
    tree: lowerTree,
  });
  const layers = [1, 2, 3].map((index) => ({ index, instruction: `RUN ${index}`, length: 100, done: 50 }));
  const reading = { reference: 'app.tar', layers, done: 150, total: 300 };
  const start = startState({ reference: 'app.tar', size: { columns: 80, rows: 24 } });
  const read = happen(happen(start, { what: 'progress', reading }), { what: 'preview', image: preview });

  test('can be looked around in while others are read', () => {
    expect(listed(press(read, ']'))).toEqual(['· ▸ etc/', '  lib -> usr/lib', '· ▸ opt/', '  ▸ usr/']);
    expect(screen(read)).toMatch(/reading layers: 50\.0 % of 300 B[\s\S]* 3 +100 B +50\.0 % +RUN 3/);
    expect(press(read, 'tab l l v').wish).toMatchObject({ to: 'read', layer: 1 });
  });

  test('a layer that is not read yet says so', () => {
    const third = press(read, '] ]');
    expect(screen(third)).toMatch(/Files[\s\S]*reading layers: 50[\s\S]*layers 1 to 2 are here already: \[/);
    expect(screen(press(third, 'tab j c / enter v ['))).toMatch(/Files after layer 2/);
  });

  test('what is selected and open stays when all of it is there', () => {
    const opened = press(read, '] tab l l');
    const node = (state: State) => state.image?.tree(2, 2).path(state.node);
    const whole = happen(opened, { what: 'image', image });
    expect(node(opened)).toMatch(/^etc./);
    expect([node(whole), listed(whole)]).toEqual([node(opened), listed(opened)]);
    expect(happen(whole, { what: 'preview', image: preview }).image).toBe(image);
  });

  test('are told of in the order that they can be shown in', async () => {
    const shown: number[] = [];
    const preview = new Preview({ name: 'dlint', version: '0' }, ({ layerCount }) => shown.push(layerCount));
    preview.open(imageOf(3));
    const pause = () => new Promise((resolve) => setTimeout(resolve, 300));
    preview.add(records[1] as (typeof records)[0], 2);
    await pause();
    expect(shown).toEqual([]);
    preview.add(records[0] as (typeof records)[0], 1);
    await pause();
    expect(shown).toEqual([2]);
    preview.add(records[2] as (typeof records)[0], 3);
    preview.close();
    await pause();
    expect(shown).toEqual([2]);
  });
});

describe('the screen', () => {
  const sizes = [1, 4, 5, 10, 19, 20, 39, 40, 80, 109, 110, 160, 300].flatMap((columns) =>
    [1, 4, 5, 6, 13, 14, 15, 16, 24, 50].map((rows) => ({ columns, rows })),
  );

  test.each(['', 'tab e', 'tab tab', '?', 'i', 'tab e c', '/ x', 'tab right down v'])(
    'after %j is as large as the terminal',
    (keys) => {
      for (const size of sizes) {
        const state = press(happen(begin({ layer: 3 }), { what: 'resized', size }), keys);
        const lines = renderPlain(state);
        expect(lines).toHaveLength(size.rows);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(size.columns);
      }
    },
  );

  test('nothing of the image is sent as a control character', () => {
    const state = press(begin({ layer: 3 }), 'tab e');
    for (const line of render(state, true)) {
      expect(line.replace(/\x1b\[[0-9;]*m/g, '')).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
    }
    expect(screen(state)).toContain('new\\x1b[2J\\nname');
  });

  test('without colours there are none', () => {
    expect(render(press(begin({ layer: 2 }), 'tab e'), false).join('')).not.toMatch(/\x1b\[[0-9;]*3\d/);
  });

  test('any keys in any order keep it whole', () => {
    const keys = [
      'j',
      'k',
      'l',
      'h',
      'tab',
      'c',
      't',
      's',
      'e',
      '[',
      ']',
      'G',
      'g',
      'a',
      'm',
      'r',
      'u',
      'i',
      'q',
      'enter',
      ' ',
      'f',
      'o',
      '/',
      'x',
      'escape',
      'n',
      'N',
      'pagedown',
      'pageup',
      '?',
    ];
    let state = begin();
    let seed = 7;
    for (let i = 0; i < 1000; i++) {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      state = update(state, keys[seed % keys.length] as string);
      if (i % 10 === 0)
        state = happen(state, {
          what: 'resized',
          size: sizes[seed % sizes.length] as { columns: number; rows: number },
        });
      if (state.wish?.to === 'read')
        state = happen(state, { what: 'file', path: state.wish.path, bytes: Buffer.from('x'), size: 1 });
      if (state.prompt) state = happen(state, { what: 'paused' });
      const lines = renderPlain(state);
      expect(lines).toHaveLength(state.size.rows);
      expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(state.size.columns);
    }
  });
});
