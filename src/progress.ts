import { byteSize, percent } from './report/units.ts';
import type { Terminal } from './terminal.ts';

/** What a long run tells meanwhile. */
export interface Progress {
  report(done: number, total: number, unit: string): void;
  /** `total` is null where it is not known. */
  reportBytes(done: number, total: number | null): void;
  /** Takes the line away. */
  end(): void;
}

const everyMs = 100;

/** One line on standard error that is written over; silent unless a person looks. */
export function startProgress(title: string, isQuiet: boolean, terminal: Terminal): Progress {
  const isShown = terminal.interactive && !isQuiet;
  let last = Date.now();
  let isDrawn = false;
  const end = () => {
    if (isDrawn) terminal.warn('\r\x1b[K');
    isDrawn = false;
  };
  const draw = (text: () => string) => {
    if (!isShown || Date.now() - last < everyMs) return;
    last = Date.now();
    isDrawn = true;
    terminal.warn(`\r\x1b[K${title}: ${text()}`);
  };
  return {
    report: (done, total, unit) => draw(() => `${done} of ${total} ${unit}`),
    reportBytes: (done, total) =>
      draw(() => (total === null ? byteSize(done) : `${percent(done, total)} of ${byteSize(total)}`)),
    end,
  };
}
