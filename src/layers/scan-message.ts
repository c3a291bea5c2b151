import { DlintError, type ErrorCode } from '../errors.ts';
import type { PairPlaces } from './compare-bodies.ts';
import { type EntryColumns, EntryTable, transferables } from './entry-table.ts';
import type { Locator } from './image.ts';
import type { LayerRecord, ProbeRequest } from './record.ts';
import type { Turns } from './turns.ts';

/** What threads are asked to share: plain data, as functions cannot cross. */
export type Work = ScanWork | CompareWork;

export interface ScanWork {
  readonly turns: Turns;
  readonly scans: readonly ScanRequest[];
}

export interface CompareWork {
  readonly turns: Turns;
  readonly pairs: PairPlaces;
  /** Piece `i` is the pairs from `starts[i]` up to `starts[i + 1]`. */
  readonly starts: readonly number[];
  /** Shared: the answers, see `compareBodies`. */
  readonly same: Uint8Array;
  readonly where: string;
}

export interface ScanRequest {
  readonly id: number;
  readonly at: Locator;
  readonly probes: readonly ProbeRequest[];
  readonly where: string;
  readonly verify: boolean | undefined;
  readonly hash: boolean | undefined;
}

/** A record whose table is columns. */
export type RecordData = Omit<LayerRecord, 'entries'> & { readonly entries: EntryColumns };

export interface ErrorData {
  /** Undefined for a bug. */
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly where: string | undefined;
  readonly hint: string | undefined;
  readonly stack: string | undefined;
}

/** What a worker thread answers. */
export type WorkReply =
  | { readonly id: number; readonly progress: number }
  | { readonly id: number; readonly record: RecordData }
  /** No piece is left, and those it took are done. */
  | { readonly isDone: true }
  | { readonly error: ErrorData };

export function packRecord(record: LayerRecord): { data: RecordData; transfer: ArrayBuffer[] } {
  const entries = record.entries.columns();
  const kept = Object.values(record.facts).flatMap((facts) => facts.flatMap(buffersOf));
  return { data: { ...record, entries }, transfer: [...new Set([...transferables(entries), ...kept])] };
}

export function unpackRecord(data: RecordData): LayerRecord {
  return { ...data, entries: new EntryTable(data.entries) };
}

/** The buffers a fact holds in its fields, where they are all of it. */
function buffersOf(fact: unknown): ArrayBuffer[] {
  if (typeof fact !== 'object' || fact === null) return [];
  return Object.values(fact)
    .filter((value): value is Uint8Array => value instanceof Uint8Array && value.byteLength === value.buffer.byteLength)
    .map(({ buffer }) => buffer as ArrayBuffer);
}

export function packError(error: unknown): ErrorData {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (!(error instanceof DlintError)) return { code: undefined, message, where: undefined, hint: undefined, stack };
  return { code: error.code, message, where: error.where, hint: error.hint, stack };
}

export function unpackError({ code, message, where, hint, stack }: ErrorData): Error {
  if (code) return new DlintError(code, message, { ...(where && { where }), ...(hint && { hint }) });
  const error = new Error(message);
  if (stack) error.stack = stack;
  return error;
}
