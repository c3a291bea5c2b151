import type { ImageReport, LiveCopy, Waste } from '../image-report.ts';
import { byteSize, counted, percent } from '../units.ts';
import { escapeText } from './markup.ts';

/** What is stored for nothing, and what to do about it. */
export function* renderWaste({ waste, deadBytes, storedBytes, selected }: ImageReport): Generator<string> {
  if (waste.length === 0 && deadBytes > 0) return;
  const remark =
    deadBytes === 0
      ? 'none: every stored byte can be reached'
      : selected === null
        ? `${byteSize(deadBytes)} of ${byteSize(storedBytes)} (${percent(deadBytes, storedBytes)}) can never be read`
        : `that layer ${selected} stores or causes`;
  yield `<section id="waste"><div class="section-head"><h2>Waste</h2><span class="muted">${remark}</span></div>\n`;
  if (waste.length > 0) yield '<ul class="advice">\n';
  for (const item of waste) {
    yield `<li><strong>${byteSize(item.bytes)}</strong><div><p>${whatOf(item)}: ${escapeText(item.explanation)}</p>`;
    yield `<p class="muted">→ ${escapeText(item.advice)}</p></div></li>\n`;
  }
  yield `${waste.length > 0 ? '</ul>' : ''}</section>\n`;
}

function whatOf({ files, directory, isAllThere, examples }: Waste): string {
  const largest = `<code>${escapeText(examples[0]?.path ?? '')}</code>`;
  if (files === 1) return largest;
  const sum = counted(files, 'file');
  if (directory === '') return `${sum}, the largest ${largest}`;
  return `${sum} ${isAllThere ? 'in' : 'mostly in'} <code>${escapeText(directory)}</code>`;
}

/** Equal contents at several paths. */
export function* renderCopies(copies: readonly LiveCopy[]): Generator<string> {
  if (copies.length === 0) return;
  yield '<section id="copies"><div class="section-head"><h2>Copies</h2>';
  yield '<span class="muted">equal contents at several paths of the final image</span></div>\n<ul class="advice">\n';
  for (const { bytes, size, copies: times, layers, paths, advice } of copies) {
    const where = `layer${layers.length > 1 ? 's' : ''} ${layers.slice(0, 5).join(', ')}${layers.length > 5 ? ', …' : ''}`;
    const more = times > paths.length ? `<br>… ${counted(times - paths.length, 'more path')}` : '';
    yield `<li><strong>${byteSize(bytes)}</strong><div><p>${times} times ${byteSize(size)}, in ${where}</p>`;
    yield `<p>${paths.map(({ path }) => `<code>${escapeText(path)}</code>`).join('<br>')}${more}</p>`;
    yield `<p class="muted">→ save ${byteSize(bytes)}: ${escapeText(advice)}</p></div></li>\n`;
  }
  yield '</ul></section>\n';
}
