import type { Span } from '../../report/finding.ts';
import type { Flag } from '../syntax.ts';

/** One `RUN --mount=…`: Dockerfile reference, RUN --mount. Values have their variables filled in where they are known. */
export interface Mount {
  readonly span: Span;
  /** `bind` when none is given. */
  readonly type: string;
  readonly target?: string;
  readonly source?: string;
  readonly from?: string;
  readonly id?: string;
  readonly sharing?: string;
  /** Environment variable of a secret. */
  readonly env?: string;
  readonly required: boolean;
  readonly readonly: boolean;
  /** All fields as written, in order; a bare word (`ro`) has no value. */
  readonly fields: readonly MountField[];
}

export interface MountField {
  /** Lower case. */
  readonly key: string;
  readonly value?: string;
  readonly span: Span;
  /** Where the value stands; exact when the flag is written without quotes. */
  readonly valueSpan: Span;
}

const canonical: ReadonlyMap<string, string> = new Map([
  ['dst', 'target'],
  ['destination', 'target'],
  ['src', 'source'],
  ['ro', 'readonly'],
  ['rw', 'readwrite'],
]);

/** Reads the value of a `--mount` flag. `expand` fills in variables; it may return undefined for the unknown. */
export function parseMount(flag: Flag, expand: (raw: string) => string | undefined): Mount {
  const fields = mountFields(flag);
  const value = (name: string): string | undefined => {
    const field = fields.findLast(({ key }) => (canonical.get(key) ?? key) === name);
    return field?.value === undefined ? undefined : (expand(field.value) ?? field.value);
  };
  const isOn = (name: string): boolean => {
    const field = fields.findLast(({ key }) => (canonical.get(key) ?? key) === name);
    return field !== undefined && field.value !== 'false' && field.value !== '0';
  };
  const type = value('type') ?? 'bind';
  const text = (name: 'target' | 'source' | 'from' | 'id' | 'sharing' | 'env'): Record<string, string> => {
    const found = value(name);
    return found === undefined ? {} : { [name]: found };
  };
  return {
    span: flag.span,
    type,
    ...text('target'),
    ...text('source'),
    ...text('from'),
    ...text('id'),
    ...text('sharing'),
    ...text('env'),
    required: isOn('required'),
    readonly: type === 'bind' ? !isOn('readwrite') : isOn('readonly'),
    fields,
  };
}

/** The value is one CSV record (RFC 4180): a field may be quoted as a whole. */
function mountFields(flag: Flag): MountField[] {
  const value = flag.value ?? '';
  const base = flag.valueSpan?.start ?? flag.span.start;
  const fields: MountField[] = [];
  for (let at = 0; at < value.length; ) {
    const isQuoted = value[at] === '"';
    const close = isQuoted ? value.indexOf('"', at + 1) : -1;
    const comma = value.indexOf(',', isQuoted && close > 0 ? close : at);
    const end = comma < 0 ? value.length : comma;
    const start = isQuoted ? at + 1 : at;
    const text = value.slice(start, isQuoted && close > 0 ? close : end);
    const equals = text.indexOf('=');
    const key = (equals < 0 ? text : text.slice(0, equals)).trim().toLowerCase();
    const from = base + start;
    const span = { start: from, end: from + text.length };
    const valueSpan = { start: equals < 0 ? span.end : from + equals + 1, end: span.end };
    if (key !== '') fields.push({ key, span, valueSpan, ...(equals < 0 ? {} : { value: text.slice(equals + 1) }) });
    at = end + 1;
  }
  return fields;
}
