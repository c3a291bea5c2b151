import type { MessagePort } from 'node:worker_threads';
import { compareBodies } from './compare-bodies.ts';
import { PROBES, type ProbeTable } from './probes/index.ts';
import { scanLayer } from './scan-layer.ts';
import { packError, packRecord, type ScanRequest, type WorkReply, type WorkRequest } from './scan-message.ts';
import { Connections } from './sources/registry/connections.ts';

type Reply = (message: WorkReply, transfer?: ArrayBuffer[]) => void;

/** What a worker thread does: scans layers and compares bodies as it is asked, one after the other. */
export function serveScans(port: MessagePort, probeTable = PROBES): void {
  const connections = new Connections();
  const reply: Reply = (message, transfer = []) => port.postMessage(message, transfer);
  port.on('message', async (request: WorkRequest) => {
    try {
      if ('at' in request) await scan(request, connections, probeTable, reply);
      else {
        const same = compareBodies(request.pairs, request.where);
        reply({ id: request.id, same }, [same.buffer as ArrayBuffer]);
      }
    } catch (error) {
      reply({ id: request.id, error: packError(error) });
    }
  });
}

async function scan(
  { id, at, probes, where, verify, hash }: ScanRequest,
  connections: Connections,
  probeTable: ProbeTable,
  reply: Reply,
): Promise<void> {
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
}
