import type { ConfigPlace } from '../config.ts';
import { commandSpecs, type FailOn } from '../flags.ts';
import type { Rule } from '../lint/rule.ts';
import type { Level } from '../lint/rule-set.ts';
import { didYouMean } from '../suggest.ts';
import type { Config, ReadConfig, RuleLine, SettingsLayer } from './config.ts';
import { readConfigFile } from './config-file.ts';
import { environmentOf } from './hadolint-environment.ts';
import { type HadolintSettings, hadolintShape, type Labels, type Placed } from './hadolint-shape.ts';
import type { ConfigProblem } from './node.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * hadolint's configuration, read as hadolint reads it: its rules at its severities, and it fails at `info`. What the
 * file says stands over what the environment says; lists add up. Keys and codes that are none are passed over, and told.
 */
export function readHadolint(place: ConfigPlace, rules: readonly Rule[], environment: Environment): ReadConfig {
  const problems: ConfigProblem[] = [];
  const read = place.path === undefined ? undefined : readConfigFile(place.path);
  if (read && 'errors' in read) return read;
  const file = read?.file;
  const own = file && hadolintShape(file.origin).read(file.node, problems);
  const settings = add(environmentOf(environment), own ?? {});
  const translator = new Translator(rules);
  const layer = translator.translate(settings);
  const all = [...problems, ...translator.problems].sort((a, b) => a.at - b.at);
  const wrong = all.filter(({ unknownName }) => unknownName === undefined);
  if (file && wrong.length > 0) return { errors: wrong.map(file.error) };
  const passedOver = file ? told(all, file.origin) : { unmapped: [], notes: [] };
  const path = file?.name ?? 'HADOLINT_* variables';
  const config: Config = {
    kind: 'hadolint',
    path,
    folder: place.folder,
    files: file ? [file.name] : [],
    layers: [layer],
    ignore: [],
    image: {},
    licenses: {},
    imageOrigins: new Map(),
    rules,
    pluginErrors: [],
    unmapped: [...translator.unmapped, ...passedOver.unmapped],
    notes: passedOver.notes,
    ...(settings.noColor?.value && { noColor: true }),
    ...formatOf(settings.format?.value),
  };
  return { config };
}

/** Names that hadolint does not know, and says nothing of. */
function told(problems: readonly ConfigProblem[], origin: (at: number) => string) {
  return {
    unmapped: problems.map(({ at, unknownName, hint = '' }) => {
      const meant = hint.startsWith('did you mean') ? `; ${hint}` : '';
      return `${unknownName} (${origin(at)}${meant})`;
    }),
    notes: problems.map(({ at, message, hint }) => `${origin(at)}: ${message}, and hadolint passes it over: ${hint}`),
  };
}

function add(below: HadolintSettings, above: HadolintSettings): HadolintSettings {
  const lists = ['error', 'warning', 'info', 'style', 'ignored', 'trusted', 'labels'] as const;
  const sums = lists.map((key) => [key, [...(below[key] ?? []), ...(above[key] ?? [])]] as const);
  return { ...below, ...above, ...Object.fromEntries(sums) };
}

/** Severities from the most severe; `ignore` and `none` are below all others, so that everything fails. */
const thresholds: Readonly<Record<string, FailOn>> = { ignore: 'style', none: 'style' };

const formats: Readonly<Record<string, string>> = {
  tty: 'text',
  gitlab_codeclimate: 'gitlab',
  codeclimate: 'gitlab',
};

function formatOf(name: string | undefined): { format?: string } {
  const format = name && (formats[name] ?? name);
  return format && (commandSpecs.lint.formats as readonly string[]).includes(format) ? { format } : {};
}

/** What becomes of the types of `label-schema`; `text` has to be there and not empty. */
const labelRules: Readonly<Record<Labels['type'], string>> = {
  text: 'label-empty',
  url: 'label-url',
  semver: 'label-semver',
  hash: 'label-git-hash',
  rfc3339: 'label-time',
  spdx: 'label-license',
  email: 'label-email',
};

class Translator {
  readonly problems: ConfigProblem[] = [];
  /** What has no counterpart, as shown. */
  readonly unmapped: string[] = [];
  readonly #rules: readonly Rule[];

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  translate(settings: HadolintSettings): SettingsLayer {
    const { noFail, threshold, inlineIgnores } = settings;
    const origins = new Map([['preset', 'as hadolint has it']]);
    const failOn = noFail?.value ? 'never' : (thresholds[threshold?.value ?? ''] ?? threshold?.value ?? 'info');
    origins.set('failOn', (noFail?.value ? noFail : threshold)?.origin ?? 'as hadolint has it');
    if (inlineIgnores) origins.set('inlineIgnores', inlineIgnores.origin);
    return {
      preset: 'hadolint',
      failOn: failOn as FailOn,
      ...(inlineIgnores && { inlineIgnores: inlineIgnores.value }),
      rules: [
        ...this.#registries(settings),
        ...this.#labels(settings),
        ...(['error', 'warning', 'info', 'style'] as const).flatMap((level) => this.#levels(settings[level], level)),
        ...this.#levels(settings.ignored, 'off'),
      ],
      origins,
    };
  }

  #levels(codes: readonly Placed<string>[] = [], level: Level): readonly RuleLine[] {
    return codes.flatMap(({ value: code, origin, at }) => {
      const name = code.trim();
      const found = this.#rules.filter(({ aliases = [] }) => aliases.includes(name.toUpperCase()));
      if (found.length > 0) return found.map(({ id }) => ({ id, level, origin }));
      if (/^SC\d{4}$/i.test(name)) return [{ id: name.toUpperCase(), level, origin }];
      // Codes that hadolint once had: nothing reports them any more.
      if (/^DL\d{4}$/i.test(name)) this.unmapped.push(`${name} (${origin})`);
      else this.#refuse(name, at);
      return [];
    });
  }

  #refuse(name: string, at: number): void {
    const codes = this.#rules.flatMap(({ aliases = [] }) => aliases.filter((alias) => /^DL\d/.test(alias)));
    const hint = didYouMean(name, codes) ?? 'codes of hadolint and ShellCheck: DL3008, SC2086';
    this.problems.push({ at, message: `there is no code ${name}`, hint, unknownName: name });
  }

  #registries({ trusted = [] }: HadolintSettings): readonly RuleLine[] {
    const [first] = trusted;
    if (!first) return [];
    const allowed = trusted.map(({ value }) => value);
    return [{ id: 'untrusted-registry', level: 'on', options: { allowed }, origin: first.origin }];
  }

  #labels({ labels = [], strictLabels }: HadolintSettings): readonly RuleLine[] {
    const [first] = labels;
    if (strictLabels?.value && !first)
      this.unmapped.push(`strict-labels without label-schema (${strictLabels.origin})`);
    if (!first) return [];
    const names = labels.map(({ value }) => value.name);
    const lines: RuleLine[] = [
      { id: 'label-missing', level: 'on', options: { required: names }, origin: first.origin },
    ];
    for (const [type, id] of Object.entries(labelRules)) {
      const [one, ...more] = labels.filter(({ value }) => value.type === type);
      if (!one) continue;
      const options = { labels: [one, ...more].map(({ value }) => value.name) };
      lines.push({ id, level: 'on', options, origin: one.origin });
    }
    if (strictLabels?.value) {
      lines.push({ id: 'label-unknown', level: 'on', options: { allowed: names }, origin: strictLabels.origin });
    }
    return lines;
  }
}
