import type { PageData } from '../page-data.ts';
import { part } from './dom.ts';
import { startFiles } from './file-view.ts';
import { startLayers } from './layer-view.ts';
import { startMap } from './map-view.ts';
import { modelOf } from './model.ts';
import { startTheme } from './theme.ts';

const model = modelOf(JSON.parse(part('data').textContent) as PageData);
// The text is read; without it the page takes half the memory.
part('data').remove();
document.documentElement.classList.add('scripted');
startLayers(model);
const files = startFiles(model);
const map = startMap(model, files.showPath);
startTheme(map.repaint);
