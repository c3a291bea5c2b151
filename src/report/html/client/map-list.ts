import { printable } from '../../inspect-name.ts';
import { byteSize, counted, percent } from '../../units.ts';
import { button, element, svgElement, swatch } from './dom.ts';
import { heaviest, kindOf } from './map-cells.ts';
import { legendOf, type MapScene } from './map-scene.ts';
import { hueColor } from './theme.ts';

const MOST_LISTED = 60;

export function legendItems(scene: MapScene): Node[] {
  const styles = getComputedStyle(document.documentElement);
  return legendOf(scene).map(({ name, hue }) => element('span', {}, swatch(hueColor(hue, styles)), name));
}

/** From the root to the directory on show. */
export function crumbs({ model, at }: MapScene, open: (node: number) => void): (Node | string)[] {
  const { paths } = model.tables;
  const trail = [0, ...paths.trail(at)];
  return trail.flatMap((node, i) => {
    const isHere = i === trail.length - 1;
    const name = node === 0 ? '/' : paths.name(node);
    const crumb = button(name, () => open(node), isHere ? { 'aria-current': 'true' } : {});
    return i < 2 ? [crumb] : ['/', crumb];
  });
}

/** What the map shows as a list, the largest first: the same for whoever does not see the map. */
export function largestItems(scene: MapScene, open: (node: number) => void): Node[] {
  const { model, weights, at, isWaste } = scene;
  const children = heaviest(model.tables.paths, weights, at);
  const most = weights.bytes[children[0] ?? 0] as number;
  const items = children.slice(0, MOST_LISTED).map((node) => element('li', {}, largestItem(scene, node, most, open)));
  const more = children.length - items.length;
  if (more > 0) items.push(element('li', { class: 'muted' }, `… ${counted(more, 'smaller one')}`));
  if (items.length === 0) items.push(element('li', { class: 'empty' }, isWaste ? 'No waste here.' : 'No bytes here.'));
  return items;
}

function largestItem(scene: MapScene, node: number, most: number, open: (node: number) => void): HTMLElement {
  const { model, weights, at, isWaste } = scene;
  const { paths } = model.tables;
  const bytes = weights.bytes[node] as number;
  const name = `${paths.name(node)}${kindOf(paths, weights, node) === 'directory' ? '/' : ''}`;
  const bar = svgElement('svg', { viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  const length = String((bytes / most) * 100);
  bar.append(svgElement('rect', { class: 'rail', width: '100', height: '4' }));
  bar.append(svgElement('rect', { class: isWaste ? 'dead' : 'live', width: length, height: '4' }));
  const share = element('span', { class: 'share' }, percent(bytes, weights.bytes[at] as number));
  const made = button('', () => open(node), { title: printable(paths.path(node)) });
  made.append(
    element('span', { class: 'mono' }, name),
    element('span', { class: 'number' }, byteSize(bytes), share),
    bar,
  );
  return made;
}
