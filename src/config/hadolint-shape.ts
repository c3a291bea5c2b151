import { choice, field, flag, list, mapOf, type Shape, table, text } from './shape.ts';

/** A value of hadolint's configuration and where it was set. */
export interface Placed<T> {
  readonly value: T;
  /** `FILE:LINE`, or the name of a variable. */
  readonly origin: string;
  /** Offset in the file; 0 in the environment. */
  readonly at: number;
}

export const labelTypes = ['text', 'url', 'semver', 'hash', 'rfc3339', 'spdx', 'email'] as const;

/** One line of `label-schema`. */
export interface Labels {
  readonly name: string;
  readonly type: (typeof labelTypes)[number];
}

export const thresholdNames = ['error', 'warning', 'info', 'style', 'ignore', 'none'] as const;

/** What hadolint's configuration file and variables set (https://github.com/hadolint/hadolint#configure). */
export interface HadolintSettings {
  readonly error?: readonly Placed<string>[];
  readonly warning?: readonly Placed<string>[];
  readonly info?: readonly Placed<string>[];
  readonly style?: readonly Placed<string>[];
  readonly ignored?: readonly Placed<string>[];
  readonly trusted?: readonly Placed<string>[];
  readonly labels?: readonly Placed<Labels>[];
  readonly strictLabels?: Placed<boolean>;
  readonly threshold?: Placed<(typeof thresholdNames)[number]>;
  readonly noFail?: Placed<boolean>;
  readonly noColor?: Placed<boolean>;
  readonly inlineIgnores?: Placed<boolean>;
  readonly format?: Placed<string>;
}

/** @param originOf `FILE:LINE` of an offset */
export function hadolintShape(originOf: (at: number) => string): Shape<HadolintSettings> {
  const placed = <T>(shape: Shape<T>): Shape<Placed<T>> => ({
    read(node, problems) {
      const value = shape.read(node, problems);
      return value === undefined ? undefined : { value, at: node.at, origin: originOf(node.at) };
    },
    schema: shape.schema,
  });
  const shape = hadolintTable(placed);
  return { read: (node, problems) => settingsOf(shape.read(node, problems)), schema: shape.schema };
}

function hadolintTable(placed: <T>(shape: Shape<T>) => Shape<Placed<T>>) {
  const codes = field(list(placed(text)), 'Codes of rules.');
  return table({
    'failure-threshold': field(placed(choice(thresholdNames)), 'Lowest severity that fails.'),
    format: field(placed(text), 'Output format.'),
    ignored: codes,
    'label-schema': field(mapOf(placed(choice(labelTypes))), 'Labels and what they hold.'),
    'no-color': field(placed(flag), 'Plain text.'),
    'no-fail': field(placed(flag), 'Findings do not fail.'),
    verbose: field(flag, 'Log.'),
    override: field(table({ error: codes, warning: codes, info: codes, style: codes }), 'Severities.'),
    'strict-labels': field(placed(flag), 'No other labels.'),
    'disable-ignore-pragma': field(placed(flag), 'Ignore comments are not heeded.'),
    trustedRegistries: field(list(placed(text)), 'Registries.'),
  });
}

function settingsOf(read: ReturnType<ReturnType<typeof hadolintTable>['read']>): HadolintSettings | undefined {
  if (!read) return undefined;
  const { override, ignored, trustedRegistries: trusted, format } = read;
  const schema = read['label-schema'];
  const pragma = read['disable-ignore-pragma'];
  const labels =
    schema && [...schema].map(([name, { value: type, ...place }]) => ({ value: { name, type }, ...place }));
  return {
    ...override,
    ...(ignored && { ignored }),
    ...(trusted && { trusted }),
    ...(labels && { labels }),
    ...(format && { format }),
    ...(read['strict-labels'] && { strictLabels: read['strict-labels'] }),
    ...(read['failure-threshold'] && { threshold: read['failure-threshold'] }),
    ...(read['no-fail'] && { noFail: read['no-fail'] }),
    ...(read['no-color'] && { noColor: read['no-color'] }),
    ...(pragma && { inlineIgnores: { ...pragma, value: !pragma.value } }),
  };
}
