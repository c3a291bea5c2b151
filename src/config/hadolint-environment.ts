import { type HadolintSettings, type Labels, labelTypes, type Placed, thresholdNames } from './hadolint-shape.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What hadolint's variables set. Values that mean nothing to hadolint are passed over, as hadolint does. */
export function environmentOf(environment: Environment): HadolintSettings {
  const placed = <T>(name: string, value: T | undefined): Placed<T> | undefined =>
    value === undefined ? undefined : { value, origin: name, at: 0 };
  const flagOf = (name: string) => placed(name, truthOf(environment[name]));
  const words = (...names: string[]): readonly Placed<string>[] =>
    names.flatMap((name) => splitWords(environment[name]).flatMap((word) => placed(name, word) ?? []));
  const threshold = thresholdNames.find((name) => name === environment.HADOLINT_FAILURE_THRESHOLD);
  const pragma = flagOf('HADOLINT_DISABLE_IGNORE_PRAGMA');
  const singles = {
    strictLabels: flagOf('HADOLINT_STRICT_LABELS'),
    threshold: placed('HADOLINT_FAILURE_THRESHOLD', threshold),
    noFail: flagOf('HADOLINT_NOFAIL'),
    format: placed('HADOLINT_FORMAT', environment.HADOLINT_FORMAT || undefined),
    inlineIgnores: pragma && { ...pragma, value: !pragma.value },
  };
  return {
    error: words('HADOLINT_OVERRIDE_ERROR'),
    warning: words('HADOLINT_OVERRIDE_WARNING'),
    info: words('HADOLINT_OVERRIDE_INFO'),
    style: words('HADOLINT_OVERRIDE_STYLE'),
    ignored: words('HADOLINT_IGNORE'),
    // The documentation has one name, the program another.
    trusted: words('HADOLINT_TRUSTED_REGISTRIES', 'HADOLINT_ALLOWED_REGISTRIES'),
    labels: words('HADOLINT_REQUIRE_LABELS').flatMap((word) => {
      const label = labelOf(word.value);
      return label ? [{ ...word, value: label }] : [];
    }),
    ...(Object.fromEntries(Object.entries(singles).filter(([, value]) => value)) as Partial<HadolintSettings>),
  };
}

function truthOf(value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : ['1', 'y', 'on', 'true', 'yes'].includes(value.toLowerCase());
}

function splitWords(value: string | undefined): readonly string[] {
  return (value ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function labelOf(word: string): Labels | undefined {
  const colon = word.indexOf(':');
  const type = labelTypes.find((each) => each === word.slice(colon + 1));
  return colon > 0 && type ? { name: word.slice(0, colon), type } : undefined;
}
