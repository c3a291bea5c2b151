import type { MessagePort } from 'node:worker_threads';
import { comparePieces } from './compare-bodies.ts';
import { PROBES, type ProbeTable } from './probes/index.ts';
import { scanLayer } from './scan-layer.ts';
import { packError, packRecord, type ScanRequest, type Work, type WorkReply } from './scan-message.ts';
import { Connections } from './sources/registry/connections.ts';
import { taken } from './turns.ts';

type Reply = (message: WorkReply, transfer?: ArrayBuffer[]) => void;

/** What a worker thread does: takes its turns at scanning layers and comparing bodies. */
export function serveScans(port: MessagePort, probeTable = PROBES): void {
  const connections = new Connections();
  const reply: Reply = (message, transfer = []) => port.postMessage(message, transfer);
  port.on('message', async (work: Work) => {
    try {
      if ('scans' in work) {
        for (const i of taken(work.turns, work.scans.length)) {
          await scan(work.scans[i] as ScanRequest, connections, probeTable, reply);
        }
      } else {
        const pieces = comparePieces(work);
        while (!pieces.next().done);
      }
      reply({ isDone: true });
    } catch (error) {
      reply({ error: packError(error) });
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
