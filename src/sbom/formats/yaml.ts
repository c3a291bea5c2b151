import { FAILSAFE_SCHEMA, load } from 'js-yaml';

/**
 * Lock files in YAML: every scalar is a text, so that a version `1.10` stays one. Throws on what is no YAML.
 * A key that stands twice counts the last time. Aliases are shared, not copied, so nothing grows.
 */
export function parseYaml(text: string): unknown {
  return load(text, { schema: FAILSAFE_SCHEMA, json: true });
}
