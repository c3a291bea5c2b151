import { configSchema } from '../src/config/config-shape.ts';
import type { Rule } from '../src/lint/rule.ts';

/** docs/schemas/config.json: what editors complete and check `.dlint.yaml` with. */
export function configSchemaText(rules: readonly Rule[]): string {
  return `${JSON.stringify(configSchema({ rules, hasAllPlugins: false }), undefined, 1)}\n`;
}
