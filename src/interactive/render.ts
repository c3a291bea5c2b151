import { printable } from '../report/inspect-name.ts';
import { displayWidth } from '../report/style.ts';
import { byteSize, count, percent } from '../report/units.ts';
import { drawLine, fitLine, fitText, type Line, plainText, span } from './cells.ts';
import { detailLines } from './details.ts';
import { helpLines } from './help-screen.ts';
import { layerHeads, layerLine, layersTitle } from './layers-pane.ts';
import { type Area, HEADS, type Layout, LEAST, layoutOf } from './layout.ts';
import { lineCount, type Pager, pagerLine, withoutLeft } from './pager.ts';
import { layerCount, layerOf, type Pane, type State, selectionOf } from './state.ts';
import { treeLine, treeTitle } from './tree-pane.ts';

/** The whole screen: as many lines as it has rows, each as wide as it is. */
export function render(state: State, color: boolean): string[] {
  return screen(state).map((line) => drawLine(fitLine(line, state.size.columns), color));
}

/** The same without looks: for tests. */
export function renderPlain(state: State): string[] {
  return screen(state).map((line) => plainText(fitLine(line, state.size.columns)).trimEnd());
}

function screen(state: State): Line[] {
  const { columns, rows } = state.size;
  if (columns < LEAST.columns || rows < LEAST.rows) return filled([[span('too small; q quits')]], rows);
  if (state.isHelp)
    return filled([titleBar('dlint: keys', columns), ...helpLines(rows)], rows - 1, [
      span('any key closes this', 'dim'),
    ]);
  if (state.pager) return pagerScreen(state, state.pager);
  return browserScreen(state);
}

/** Lines up to a height, and one below them. */
function filled(lines: readonly Line[], height: number, last?: Line): Line[] {
  const shown = Array.from({ length: height }, (_, i): Line => lines[i] ?? []);
  return last ? [...shown, last] : shown;
}

function titleBar(text: string, width: number): Line {
  return [span(fitText(` ${text}`, width), 'reverse', 'bold')];
}

function pagerScreen({ size, message }: State, pager: Pager): Line[] {
  const { columns, rows } = size;
  const height = rows - 2;
  const all = lineCount(pager);
  const lines = Array.from({ length: height }, (_, i): Line => {
    const line = pagerLine(pager, pager.top + i);
    const isFound = pager.search !== '' && plainText(line).toLowerCase().includes(pager.search.toLowerCase());
    return fitLine(withoutLeft(line, pager.left), columns, ...(isFound ? (['underline'] as const) : []));
  });
  const shown =
    pager.page && all > 0
      ? `${count(Math.min(pager.top + height, all))} of ${count(all)} lines`
      : pager.page
        ? 'empty'
        : '';
  const title = [pager.title, pager.remark, shown].filter((part) => part !== '').join(' · ');
  const hex = pager.page?.bytes ? '  x hex/text' : '';
  const keys = `q back  ↑↓ PgUp PgDn  ←→  / search  n N${hex}`;
  const foot: Line =
    pager.typed !== undefined
      ? [span(`search: ${printable(pager.typed)}▏`)]
      : [span(message ?? keys, ...(message ? [] : (['dim'] as const)))];
  return [titleBar(title, columns), ...lines, foot];
}

function browserScreen(state: State): Line[] {
  const { columns, rows } = state.size;
  const layout = layoutOf(state);
  const panes = Object.fromEntries(
    (Object.entries(layout) as [Pane, Area][]).map(([pane, area]) => [pane, paneLines(state, pane, area)]),
  ) as Partial<Record<Pane, Line[]>>;
  const body = Array.from({ length: rows - 3 }, (_, i) => bodyLine(layout, panes, i + 1, columns));
  return [headLine(state), ...body, selectedLine(state), footLine(state)];
}

/** Row `y` of the screen, put together from the panes that it crosses. */
function bodyLine(layout: Layout, panes: Partial<Record<Pane, Line[]>>, y: number, columns: number): Line {
  const crossed = (Object.entries(layout) as [Pane, Area][])
    .filter(([, area]) => y >= area.y && y < area.y + area.height)
    .sort(([, a], [, b]) => a.x - b.x);
  return crossed.flatMap(([pane, area], i): Line => {
    const line = fitLine(panes[pane]?.[y - area.y] ?? [], area.width);
    return i === 0 || area.x >= columns ? line : [span('│', 'dim'), ...line];
  });
}

function paneLines(state: State, pane: Pane, area: Area): Line[] {
  const height = Math.max(0, area.height - HEADS[pane]);
  const isFocused = state.pane === pane;
  if (pane === 'layers') {
    const lines = listed(state.layersTop, height, layerCount(state), (i) => layerLine(state, i));
    const marked = lines.map((line, i) =>
      selected(line, state.layersTop + i === state.layer - 1, isFocused, area.width),
    );
    return [paneTitle(layersTitle(state), isFocused, area.width), layerHeads(state), ...marked];
  }
  if (pane === 'details') {
    const lines = detailLines(state, area.width - 1);
    const shown = listed(state.detailsTop, height, lines.length, (i) => [span(' '), ...(lines[i] as Line)]);
    return [paneTitle('Details', isFocused, area.width), ...shown];
  }
  return treeLines(state, area, height, isFocused);
}

function treeLines(state: State, area: Area, height: number, isFocused: boolean): Line[] {
  const { image } = state;
  if (!image)
    return [paneTitle('Files', isFocused, area.width), [], [span(`  ${readingOf(state)}`)], ...waiting(state)];
  const rows = image.rows(selectionOf(state));
  const lines = listed(state.treeTop, height, rows.nodes.length, (i) =>
    selected(treeLine(state, image, rows, i, area.width), rows.nodes[i] === state.node, isFocused, area.width),
  );
  const nothing: Line = [span('  nothing to list: Esc takes the filter away, c shows everything', 'dim')];
  return [paneTitle(treeTitle(state, rows), isFocused, area.width), ...(rows.nodes.length === 0 ? [nothing] : lines)];
}

/** Where the layers below can be looked at already. */
function waiting({ preview, layer }: State): Line[] {
  if (!preview) return [];
  const read = preview.layerCount === 1 ? 'layer 1 is' : `layers 1 to ${preview.layerCount} are`;
  return [[], [span(`  layer ${layer} comes when those below it are read; ${read} here already: [`, 'dim')]];
}

/** Only what is in sight is made: lists may have a million lines. */
function listed(top: number, height: number, all: number, line: (index: number) => Line): Line[] {
  return Array.from({ length: Math.max(0, Math.min(height, all - top)) }, (_, i) => line(top + i));
}

function paneTitle(title: string, isFocused: boolean, width: number): Line {
  const text = ` ${title} `;
  const rule = '─'.repeat(Math.max(0, width - displayWidth(text) - 1));
  return isFocused ? [span(fitText(text, width), 'bold', 'underline', 'cyan')] : [span(`─${text}${rule}`, 'dim')];
}

/** The line that the keys act on is turned around; that of another pane is underlined. */
function selected(line: Line, isSelected: boolean, isFocused: boolean, width: number): Line {
  if (!isSelected) return line;
  return fitLine(line, width, isFocused ? 'reverse' : 'bold');
}

function readingOf({ reading: { done, total } }: State): string {
  if (total === null) return done === 0 ? 'opening the image …' : `reading the archive: ${byteSize(done)}`;
  if (done >= total) return 'all layers are read; comparing contents …';
  return `reading layers: ${percent(done, total)} of ${byteSize(total)}`;
}

function headLine(state: State): Line {
  const { whole: image, reading, size } = state;
  if (!image) return titleBar(`dlint · ${printable(reading.reference)} · ${readingOf(state)}`, size.columns);
  const { storedBytes, liveBytes, deadBytes, image: facts } = image.report;
  const sums = `${byteSize(storedBytes)}, ${byteSize(deadBytes)} dead, ${percent(liveBytes, storedBytes || 1)} live`;
  const room = Math.max(10, size.columns - displayWidth(sums) - 6);
  return titleBar(
    `${fitText(printable(facts.reference), Math.min(room, displayWidth(printable(facts.reference))))} · ${sums}`,
    size.columns,
  );
}

/** What is selected in the tree, in full. */
function selectedLine(state: State): Line {
  const { image, node } = state;
  if (!image) return [span(printable(state.reading.layers[state.layer - 1]?.instruction ?? ''), 'dim')];
  if (state.pane === 'layers') {
    const layer = layerOf(state);
    return layer ? [span(printable(layer.instruction), 'dim')] : [];
  }
  if (node === 0) return [];
  const { layer, since } = selectionOf(state);
  const tree = image.tree(layer, since);
  const path = tree.shown(node);
  const change = tree.change(node);
  const facts = [`layer ${path.layer}`, ...(change ? [[change, ...tree.reasons(node)].join(', ')] : [])].join(' · ');
  const room = Math.max(8, state.size.columns - displayWidth(facts) - 3);
  const name = `/${printable(tree.path(node))}`;
  return [span(displayWidth(name) <= room ? name : shortened(name, room)), span(` · ${facts}`, 'dim')];
}

/** The end of a path says more than its beginning. */
function shortened(text: string, width: number): string {
  let kept = [...text].slice(-width + 1).join('');
  while (displayWidth(kept) > width - 1) kept = [...kept].slice(1).join('');
  return `…${kept}`;
}

const KEYS: Readonly<Record<Pane, string>> = {
  layers: 'Tab pane  ↑↓ layer  → files  i instruction  c changes  / filter  ? help  q quit',
  tree: 'Tab ↑↓ →←  Enter view  c changes  s sort  / filter  f find  ? help  q quit',
  details: 'Tab pane  ↑↓ PgUp PgDn scroll  [ ] layer  ? help  q quit',
};

function footLine(state: State): Line {
  const { prompt, message, image, pane } = state;
  if (prompt) {
    const label =
      prompt.for === 'filter' ? 'filter (text, glob* or ~expression): ' : 'find (text, glob* or ~expression): ';
    const problem = prompt.problem === undefined ? [] : [span(`  ${printable(prompt.problem)}`, 'red')];
    return [span(label, 'bold'), span(printable(prompt.text)), span(' ', 'reverse'), ...problem];
  }
  if (message !== undefined) return [span(message, 'yellow')];
  if (!image && pane === 'layers') return [span('↑↓ layer  ? help  q quit', 'dim')];
  const keys = KEYS[pane];
  return [span(displayWidth(keys) <= state.size.columns ? keys : `? help  q quit  ${keys}`, 'dim')];
}
