import { type Line, span } from './cells.ts';

const SECTIONS: readonly (readonly [title: string, keys: readonly (readonly [string, string])[]])[] = [
  [
    'Everywhere',
    [
      ['Tab, Shift-Tab', 'next pane, pane before'],
      ['↑ ↓  j k', 'one line'],
      ['PgUp PgDn', 'one page (Ctrl-B, Ctrl-F); Ctrl-U, Ctrl-D half of one'],
      ['Home End  g G', 'first and last line'],
      ['[ ]', 'layer below, layer above'],
      ['?  q  Ctrl-C', 'help, quit (or close what is open), quit at once'],
    ],
  ],
  [
    'What is listed',
    [
      ['c', 'changes alone, or everything'],
      ['a m r u', 'show or hide added, modified, removed, unmodified'],
      ['t', "mark this layer's changes, or those of all up to it"],
      ['s', 'sort by name or size'],
      ['/', 'filter: a part of the path, a glob (*.so), or ~expression'],
      ['f  n N', 'find a path, also in closed directories; next, before'],
      ['Esc', 'no filter, nothing searched for'],
    ],
  ],
  [
    'Layers and tree',
    [
      ['→ ←  l h', 'open and enter, close and leave'],
      ['Enter', 'open a directory, view a file, follow a link'],
      ['Space  e', 'open or close it; all'],
      ['v', 'view a file, of removed ones too'],
      ['i', 'the instruction that made the layer, or the path'],
    ],
  ],
  [
    'A file',
    [
      ['→ ←  / n N', 'sideways; search'],
      ['x', 'text or hexadecimal'],
    ],
  ],
];

const SIGNS: Line = [
  span('+ added', 'green'),
  span('   '),
  span('~ modified', 'yellow'),
  span('   '),
  span('- removed', 'red'),
  span('   · changed further down', 'yellow'),
];

/** All keys, on one screen of 80×24; on a smaller one as many as there is room for. */
export function helpLines(rows: number): Line[] {
  const isTall = rows >= 34;
  const lines: Line[] = [];
  for (const [title, keys] of SECTIONS) {
    if (isTall && lines.length > 0) lines.push([]);
    if (isTall) lines.push([span(title, 'bold')]);
    for (const [key, what] of keys) lines.push([span(`  ${key.padEnd(16)}`, 'cyan'), span(what)]);
  }
  return [...lines, ...(isTall ? [[]] : []), [span('  '), ...SIGNS]];
}
