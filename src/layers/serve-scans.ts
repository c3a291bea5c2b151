import type { MessagePort } from 'node:worker_threads';
import { PROBES } from './probes/index.ts';
import { scanLayer } from './scan-layer.ts';
import { packError, packRecord, type ScanReply, type ScanRequest } from './scan-message.ts';
import { Connections } from './sources/registry/connections.ts';

/** What a worker thread does: scans the layers it is asked for, one after the other. */
export function serveScans(port: MessagePort, probeTable = PROBES): void {
  const connections = new Connections();
  const reply = (message: ScanReply, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  port.on('message', async ({ id, at, probes, where, verify, hash }: ScanRequest) => {
    try {
      const record = await scanLayer(at, probes, {
        where,
        connections,
        probeTable,
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
