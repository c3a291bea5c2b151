import { parentPort } from 'node:worker_threads';
import { serveScans } from '../layers/serve-scans.ts';
import { sbomProbeTable } from './sbom-probes.ts';

/** The worker thread of scans for an SBOM: it knows the catalogers' readers. Bundled to `dist/sbom-worker.cjs`. */
if (parentPort) serveScans(parentPort, sbomProbeTable());
