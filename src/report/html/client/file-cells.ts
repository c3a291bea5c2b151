import { permissions, printable } from '../../inspect-name.ts';
import { byteSize } from '../../units.ts';
import type { StateRow } from '../page-data.ts';
import { element } from './dom.ts';
import type { Model } from './model.ts';
import type { SortKey } from './select-rows.ts';

export const COLUMNS: readonly { readonly key: SortKey; readonly label: string; readonly isNumber?: boolean }[] = [
  { key: 'path', label: 'Path' },
  { key: 'size', label: 'Size', isNumber: true },
  { key: 'layer', label: 'Layer', isNumber: true },
  { key: 'change', label: 'Change' },
  { key: 'mode', label: 'Mode' },
  { key: 'owner', label: 'Owner' },
  { key: 'time', label: 'Modified' },
];
/** What the columns say of a row of the changes. */
export function rowCells({ tables, data }: Model, row: number): HTMLElement[] {
  const { changes } = tables;
  const [change, kind, mode, uid, gid] = data.states[changes.state[row] as number] as StateRow;
  return [
    pathCell(tables, row, kind),
    cell(kind === 'file' ? byteSize(changes.size[row] as number) : '', 'number'),
    cell(String(changes.layer[row]), 'number'),
    cell(change, change),
    cell(permissions(kind, mode), 'mono'),
    cell(`${uid}:${gid}`),
    cell(timeOf(changes.time[row] as number)),
  ];
}

function pathCell({ paths, changes }: Model['tables'], row: number, kind: string): HTMLElement {
  const node = changes.node[row] as number;
  const link = changes.link.get(row);
  const folder = paths.parent(node) === 0 ? '' : `${paths.path(paths.parent(node))}/`;
  const name = `${paths.name(node)}${kind === 'directory' ? '/' : ''}${link === undefined ? '' : ` → ${link}`}`;
  const made = element('span', { role: 'gridcell', class: 'mono', title: printable(folder + name) });
  made.append(element('span', { class: 'folder' }, folder), element('span', {}, name));
  return made;
}

function cell(text: string, kind = ''): HTMLElement {
  return element('span', { role: 'gridcell', ...(kind !== '' && { class: kind }) }, text);
}

/** UTC, as tar has it. */
export function timeOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds} s` : date.toISOString().slice(0, 16).replace('T', ' ');
}
