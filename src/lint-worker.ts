import { parentPort, workerData } from 'node:worker_threads';
import type { Share } from './lint-threads.ts';

/** A thread that helps to lint many files. Bundled to `dist/lint-worker.cjs`. */
if (parentPort) {
  const port = parentPort;
  import('./commands/lint.ts').then(({ lintShare }) =>
    lintShare(workerData as Share, (done) => port.postMessage(done)),
  );
}
