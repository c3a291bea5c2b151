import { type MessagePort, parentPort } from 'node:worker_threads';
import { scanLayer } from './scan-layer.ts';
import { packError, packRecord, type ScanReply, type ScanRequest } from './scan-message.ts';
import { Connections } from './sources/registry/connections.ts';

/** The worker thread: scans the layers it is asked for, one after the other. Bundled to `dist/layer-worker.cjs`. */
function serve(port: MessagePort): void {
  const connections = new Connections();
  const reply = (message: ScanReply, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  port.on('message', async ({ id, at, probes, where, verify, hash }: ScanRequest) => {
    try {
      const record = await scanLayer(at, probes, {
        where,
        connections,
        ...(verify !== undefined && { verify }),
        ...(hash !== undefined && { hash }),
        onProgress: (progress) => reply({ id, progress }),
      });
      const { data, transfer } = packRecord(record);
      reply({ id, record: data }, transfer);
    } catch (error) {
      reply({ id, error: packError(error) });
    }
  });
}

if (parentPort) serve(parentPort);
