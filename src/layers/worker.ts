import { parentPort } from 'node:worker_threads';
import { serveScans } from './serve-scans.ts';

/** The worker thread of scans that no cataloger takes part in. Bundled to `dist/layer-worker.cjs`. */
if (parentPort) serveScans(parentPort);
