import { DlintError } from '../../errors.ts';
import type { Limits } from '../limits.ts';
import type { Probe, ProbeRequest } from '../record.ts';
import { keepProbe } from './keep.ts';

export interface ProbeContext {
  readonly limits: Limits;
  /** Tells what was odd; ends up in the record. */
  problem(message: string): void;
}

/** Probes by name: that is how a worker thread finds them. */
export type ProbeTable = Readonly<Record<string, (options: unknown, context: ProbeContext) => Probe<unknown>>>;

/** Those that know nothing of what files mean. */
export const PROBES: ProbeTable = { keep: keepProbe };

/** The probe that was asked for, for one layer. Throws `E_USAGE` for a name that is none. */
export function createProbe(request: ProbeRequest, context: ProbeContext, table = PROBES): Probe<unknown> {
  const create = Object.hasOwn(table, request.name) ? table[request.name] : undefined;
  if (!create) throw new DlintError('E_USAGE', `no probe is called ${request.name}`, { where: 'probes' });
  return create(request.options, context);
}
