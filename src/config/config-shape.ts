import { failOnLevels, presetNames } from '../flags.ts';
import { imagePolicy } from './image-policy.ts';
import { type RuleBook, rulesDefinitions, rulesShape } from './rules-shape.ts';
import { choice, field, flag, type JsonSchema, list, mapOf, properties, scalar, table, text } from './shape.ts';

const argument = scalar('a text', { type: ['string', 'number', 'boolean'] }, (value) =>
  value === null ? undefined : String(value),
);

/** What may stand at the top and in `overrides`. */
function settingFields(book: RuleBook) {
  return {
    preset: field(
      choice(presetNames),
      'Which rules, how severe: recommended (default), strict, hadolint or buildkit (what these report), all.',
    ),
    rules: field(
      rulesShape(book),
      'Rules by id or alias, each with a level (error, warning, info, style, off; on: its own), or [level, { options }].',
    ),
    failOn: field(
      choice(failOnLevels),
      'Lowest severity that makes the exit code 1: error, warning (default), info, style, never.',
    ),
    shellcheck: field(flag, 'What ShellCheck says about the scripts of RUN, too. It must be installed.'),
    buildArgs: field(mapOf(argument), 'Values of ARGs, as for docker build --build-arg.'),
    inlineIgnores: field(flag, 'False: comments that silence rules are not heeded. Default: true.'),
  } as const;
}

/** The whole of a configuration file. */
export function configFields(book: RuleBook) {
  const settings = settingFields(book);
  return {
    $schema: field(text, 'Where an editor finds this schema.'),
    extends: field(
      list(text),
      'Configurations that this one builds on: paths relative to this file, or packages. Later ones beat earlier ones.',
    ),
    ...settings,
    overrides: field(
      list(
        table({ files: field(list(text), 'Patterns as in .gitignore, relative to the configuration.'), ...settings }),
      ),
      'What else holds for some files; later entries beat earlier ones.',
    ),
    baseline: field(
      text,
      'Findings that are known and do not fail: a file of dlint lint --update-baseline, relative to this one.',
    ),
    ignore: field(list(text), 'Files that are not linted: patterns as in .gitignore, relative to the configuration.'),
    plugins: field(list(text), 'Rules of others: paths relative to this file (./lint/acme.js), or packages.'),
    image: field(imagePolicy, 'What dlint check asks of images.'),
    licenses: field(
      table({
        allow: field(list(text), 'Nothing but these.'),
        deny: field(list(text), 'None of these; an exception that `allow` names is allowed all the same.'),
      }),
      'Which licences packages may have, for dlint sbom: SPDX ids, also with * (GPL-*), or one WITH an exception.',
    ),
  } as const;
}

/** docs/schemas/config.json */
export function configSchema(book: RuleBook): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: '.dlint.yaml',
    description: 'Configuration of dlint: .dlint.yaml, .dlint.yml, .dlint.json, or the key dlint of package.json.',
    type: 'object',
    additionalProperties: false,
    properties: properties(configFields(book)),
    $defs: rulesDefinitions(book),
  };
}
