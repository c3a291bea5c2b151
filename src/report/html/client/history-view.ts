import { permissions } from '../../inspect-name.ts';
import { byteSize } from '../../units.ts';
import type { EndRow, StateRow } from '../page-data.ts';
import { button, element, part } from './dom.ts';
import { timeOf } from './file-cells.ts';
import type { Model } from './model.ts';
import { rowsByNode } from './rows-by-node.ts';

/** What became of one path, layer by layer. */
export function startHistory(model: Model, onClose: () => void): { show(node: number): void } {
  const { tables } = model;
  const { changes, dead, paths } = tables;
  const panel = part('history');
  const rowsOf = rowsByNode(changes.node, paths.size);
  const bodiesOf = rowsByNode(dead.node, paths.size);
  const close = () => {
    panel.hidden = true;
    onClose();
  };

  function step(row: number, ends: readonly Node[]): HTMLElement {
    const layer = changes.layer[row] as number;
    const state = model.data.states[changes.state[row] as number] as StateRow;
    const [change, kind, mode, uid, gid, fromLayer, reasons] = state;
    const link = changes.link.get(row);
    const origin = changes.movedFrom.get(row);
    const facts = [kind, permissions(kind, mode), `${uid}:${gid}`, timeOf(changes.time[row] as number)];
    if (kind === 'file') facts.splice(1, 0, byteSize(changes.size[row] as number));
    const item = element(
      'li',
      {},
      button(`Layer ${layer}`, () => model.choose(layer)),
      ' ',
      element('strong', { class: change }, change),
      reasons === '' ? '' : ` (${reasons})`,
    );
    item.append(element('div', {}, facts.join(' · ')));
    if (link !== undefined) item.append(element('div', { class: 'mono' }, `→ ${link}`));
    if (origin !== undefined) item.append(element('div', {}, 'moved from ', element('code', {}, origin)));
    if (fromLayer > 0) item.append(element('div', { class: 'muted' }, `was from layer ${fromLayer}`));
    item.append(...ends);
    item.append(element('div', { class: 'muted mono' }, (model.layerOf(layer)?.instruction ?? '').slice(0, 300)));
    return item;
  }

  /** Bodies of the path that this layer stores and nothing reaches. */
  function endsOf(node: number, layer: number): Node[] {
    return bodiesOf(node)
      .filter((body) => dead.layer[body] === layer)
      .map((body) => {
        const [killedBy, cause] = model.data.ends[dead.end[body] as number] as EndRow;
        const text = `${byteSize(dead.size[body] as number)} dead since layer ${killedBy} (${cause})`;
        return element('div', { class: 'removed' }, text);
      });
  }

  return {
    show(node) {
      const seen = new Set<number>();
      const steps = rowsOf(node).map((row) => {
        const layer = changes.layer[row] as number;
        const ends = seen.has(layer) ? [] : endsOf(node, layer);
        seen.add(layer);
        return step(row, ends);
      });
      const last = model.last[node] as number;
      const isGone = last >= 0 && model.data.states[changes.state[last] as number]?.[0] === 'removed';
      const now =
        steps.length === 0 ? 'No layer changes it.' : isGone ? 'Not in the final image.' : 'In the final image.';
      panel.replaceChildren(
        button('Close', close, { class: 'close' }),
        element('h3', { class: 'mono' }, `/${paths.path(node)}`),
        element('p', { class: 'muted' }, model.data.selected === null ? now : 'In the layer that is shown.'),
        element('ol', {}, ...steps),
      );
      panel.hidden = false;
    },
  };
}
