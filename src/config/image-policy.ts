import { choice, either, field, list, mapOf, type Shape, scalar, type TableOf, table, text, whole } from './shape.ts';

/** `150MB`, `1.5 GiB`, `4096`: bytes. kB, MB, GB count in thousands, KiB, MiB, GiB in 1,024s. */
const byteCount: Shape<number> = scalar(
  'a size such as 150MB, 1.5GiB or a number of bytes',
  {
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'string', pattern: '^\\d+(\\.\\d+)?\\s*([kKMGT]i?)?[bB]?$' },
    ],
  },
  (value) => (typeof value === 'number' ? wholeBytes(value) : typeof value === 'string' ? readBytes(value) : undefined),
);

/** `95%` or `0.95`: 0 to 1. */
const share: Shape<number> = scalar(
  'a share such as 95% or 0.95',
  {
    anyOf: [
      { type: 'number', minimum: 0, maximum: 1 },
      { type: 'string', pattern: '^\\d+(\\.\\d+)?\\s*%$' },
    ],
  },
  (value) => {
    const read = typeof value === 'string' ? readPercent(value) : value;
    return typeof read === 'number' && read >= 0 && read <= 1 ? read : undefined;
  },
);

/** How much larger than another image: so many bytes, or a share of the other's size. */
export type Growth = { readonly bytes: number } | { readonly share: number };

const growth: Shape<Growth> = scalar(
  'a size such as 20MB, or a share such as 5%',
  {
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'string', pattern: '^\\d+(\\.\\d+)?\\s*(%|([kKMGT]i?)?[bB]?)$' },
    ],
  },
  (value) => {
    const ratio = typeof value === 'string' ? readPercent(value) : undefined;
    if (ratio !== undefined) return { share: ratio };
    const bytes =
      typeof value === 'string' ? readBytes(value) : typeof value === 'number' ? wholeBytes(value) : undefined;
    return bytes === undefined ? undefined : { bytes };
  },
);

/** `8080`, `8080/tcp`, `53/udp`: `PORT/PROTOCOL`. */
const port: Shape<string> = scalar(
  'a port such as 8080 or 53/udp',
  {
    anyOf: [
      { type: 'integer', minimum: 1, maximum: 65535 },
      { type: 'string', pattern: '^\\d{1,5}(/(tcp|udp|sctp))?$' },
    ],
  },
  (value) => {
    const [, number = '', protocol = 'tcp'] = /^(\d{1,5})(?:\/(tcp|udp|sctp))?$/.exec(String(value)) ?? [];
    return number !== '' && Number(number) >= 1 && Number(number) <= 65535
      ? `${Number(number)}/${protocol}`
      : undefined;
  },
);

const required = choice(['required', 'forbidden']);

const fields = {
  maxSize: field(byteCount, 'The most that all layers together may hold: bytes of file bodies.'),
  maxDeadBytes: field(byteCount, 'The most that may be stored and not reachable in the final image.'),
  minEfficiency: field(share, 'The least share of the stored bytes that the final image has to use.'),
  maxLayers: field(whole(1, 1000), 'The most layers that there may be; those without changes count.'),
  maxLayerSize: field(byteCount, 'The most that a single layer may hold.'),
  maxGrowth: field(growth, 'How much larger than the image that it is compared with: 20MB, or 5%.'),
  forbiddenPaths: field(
    list(text),
    'Paths that must not be in any layer, as globs from the root: `/root/.ssh/**`, `**/*.pem`.',
  ),
  forbiddenModes: field(
    list(choice(['setuid', 'setgid', 'world-writable'])),
    'Modes that no file of the final image may have. /tmp and the like, with the sticky bit, may be world-writable.',
  ),
  user: field(text, 'Who the image has to run as: `non-root`, or a name or number.'),
  ports: field(list(port), 'The only ports that may be exposed: `8080`, `53/udp`. An empty list: none.'),
  entrypoint: field(
    choice(['required', 'exec']),
    'required: there is an ENTRYPOINT; exec: and it does not run through a shell.',
  ),
  healthcheck: field(required, 'Whether there has to be a HEALTHCHECK, or must be none.'),
  labels: field(
    either('a list of labels, or a table of labels and patterns', {
      scalar: list(text),
      list: list(text),
      table: mapOf(either('a text', { scalar: scalar('a text', { type: 'string' }, String) })),
    }),
    'Labels that there have to be: a list, or a table of labels, each with a glob for its value (`*`: any).',
  ),
} as const;

/** What `image:` of a configuration asks of an image. What is absent is not asked for. Sizes are bytes. */
export interface ImagePolicy {
  readonly maxSize?: number;
  readonly maxDeadBytes?: number;
  /** 0 to 1. */
  readonly minEfficiency?: number;
  readonly maxLayers?: number;
  readonly maxLayerSize?: number;
  readonly maxGrowth?: Growth;
  /** Globs from the root. */
  readonly forbiddenPaths?: readonly string[];
  readonly forbiddenModes?: readonly ('setuid' | 'setgid' | 'world-writable')[];
  /** `non-root`, or a name or number. */
  readonly user?: string;
  /** `PORT/PROTOCOL`. */
  readonly ports?: readonly string[];
  readonly entrypoint?: 'required' | 'exec';
  readonly healthcheck?: 'required' | 'forbidden';
  /** Globs for values, by label; `*` is any. */
  readonly labels?: ReadonlyMap<string, string>;
}

const policyTable = table(fields);

/** `image:` of a configuration. */
export const imagePolicy: Shape<ImagePolicy> = {
  read(node, problems) {
    const policy: TableOf<typeof fields> | undefined = policyTable.read(node, problems);
    if (!policy) return undefined;
    const { labels, ...rest } = policy;
    if (!labels) return rest;
    return { ...rest, labels: labels instanceof Map ? labels : new Map((labels as string[]).map((key) => [key, '*'])) };
  },
  schema: () => policyTable.schema(),
};

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };
const binaryUnits: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** `150MB`, `1.5GiB`, `1000`; undefined when it is no size. */
export function readBytes(word: string): number | undefined {
  const [, digits, unit = '', binary] = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])(i)?)?b?$/i.exec(word.trim()) ?? [];
  if (digits === undefined) return undefined;
  return wholeBytes(Math.round(Number(digits) * ((binary ? binaryUnits : units)[unit.toLowerCase()] as number)));
}

/** `5%` is 0.05; undefined when it is no percentage. */
export function readPercent(word: string): number | undefined {
  const [, digits] = /^(\d+(?:\.\d+)?)\s*%$/.exec(word.trim()) ?? [];
  return digits === undefined ? undefined : Number(digits) / 100;
}

function wholeBytes(bytes: number): number | undefined {
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined;
}
