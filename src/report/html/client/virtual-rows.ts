import { element, part } from './dom.ts';

export const ROW = 26;
/** Browsers stop at some ten million pixels; beyond that the bar moves faster than the rows. */
const MOST_PIXELS = 8_000_000;
const MARGIN = 6;

export interface VirtualRows {
  /** As many rows from now on; from the top, or where one was. */
  show(length: number, top?: number): void;
  /** Row `i` comes into view. */
  reveal(i: number): void;
  refresh(): void;
}

/** Rows of equal height below a head that stays; only those in view are elements. */
export function virtualRows(body: HTMLElement, head: HTMLElement, rowOf: (i: number) => HTMLElement): VirtualRows {
  const spacer = part('spacer');
  let length = 0;
  let pending = false;
  const height = () => body.clientHeight - head.offsetHeight;
  const pixels = () => Math.min(length * ROW, MOST_PIXELS);
  /** Pixels of all rows that are above the view. */
  const offset = () => {
    const room = pixels() - height();
    return room <= 0 ? 0 : (body.scrollTop / room) * (length * ROW - height());
  };
  const draw = () => {
    pending = false;
    const above = offset();
    const first = Math.max(0, Math.floor(above / ROW) - MARGIN);
    const end = Math.min(length, Math.ceil((above + height()) / ROW) + MARGIN);
    const rows: HTMLElement[] = [];
    for (let i = first; i < end; i++) {
      const row = rowOf(i);
      row.style.transform = `translateY(${Math.round(body.scrollTop - above) + i * ROW}px)`;
      rows.push(row);
    }
    if (length === 0) rows.push(element('p', { class: 'empty' }, 'No such paths.'));
    spacer.replaceChildren(...rows);
  };
  const later = () => {
    if (pending) return;
    pending = true;
    requestAnimationFrame(draw);
  };
  body.addEventListener('scroll', later, { passive: true });
  new ResizeObserver(later).observe(body);
  return {
    show(count, top = 0) {
      length = count;
      spacer.style.height = `${Math.max(pixels(), ROW)}px`;
      body.scrollTop = top;
      draw();
    },
    reveal(i) {
      const above = offset();
      const room = pixels() - height();
      const to = (wanted: number) => {
        body.scrollTop = (wanted / Math.max(1, length * ROW - height())) * room;
      };
      if (i * ROW < above) to(i * ROW);
      else if ((i + 1) * ROW > above + height()) to((i + 1) * ROW - height());
      draw();
    },
    refresh: draw,
  };
}
