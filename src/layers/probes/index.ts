import { DlintError } from '../../errors.ts';
import type { Limits } from '../limits.ts';
import type { Probe, ProbeRequest } from '../record.ts';
import { keepProbe } from './keep.ts';

export interface ProbeContext {
  readonly limits: Limits;
  /** Tells what was odd; ends up in the record. */
  problem(message: string): void;
}

/** Every probe by its name: that is how a worker thread finds it. */
const PROBES: Readonly<Record<string, (options: unknown, context: ProbeContext) => Probe<unknown>>> = {
  keep: keepProbe,
};

/** The probe that was asked for, for one layer. Throws `E_USAGE` for a name that is none. */
export function createProbe(request: ProbeRequest, context: ProbeContext): Probe<unknown> {
  const create = Object.hasOwn(PROBES, request.name) ? PROBES[request.name] : undefined;
  if (!create) throw new DlintError('E_USAGE', `no probe is called ${request.name}`, { where: 'probes' });
  return create(request.options, context);
}
