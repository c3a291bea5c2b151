import { painter, type Style, visible } from '../../report/style.ts';
import type { ElementResult, Standard } from '../minimum-elements.ts';

const NAMES: Readonly<Record<Standard, string>> = {
  ntia: 'NTIA minimum elements (2021)',
  cisa: 'CISA minimum elements (draft of 2025)',
  bsi: 'BSI TR-03183-2, version 2.1.0',
};
const EXAMPLES = 3;

/** One line for each element: whether it is there, of how many components, and some of those without it. */
export function* minimumElementsText(
  standard: Standard,
  results: readonly ElementResult[],
  style: Style,
): Iterable<string> {
  const paint = painter(style.color);
  const width = Math.max(...results.map(({ element }) => element.length));
  yield `${paint(NAMES[standard], 'bold')}\n`;
  for (const { element, of, present, total, missing, hint } of results) {
    const isThere = present === total;
    const word = isThere ? paint('ok     ', 'green') : paint('missing', 'red');
    const count = of === 'component' ? `${present} of ${total}` : isThere ? '' : 'not stated';
    yield `  ${word}  ${element.padEnd(width)}  ${count}`.trimEnd();
    yield `${!isThere && hint ? ` (${hint})` : ''}\n`;
    for (const purl of missing.slice(0, EXAMPLES)) yield `           ${paint(visible(purl), 'dim')}\n`;
    if (missing.length > EXAMPLES) yield `           ${paint(`… ${missing.length - EXAMPLES} more`, 'dim')}\n`;
  }
  const open = results.filter(({ present, total }) => present < total).length;
  yield `\n${open === 0 ? 'complete' : `${open} of ${results.length} elements incomplete`}\n`;
}
