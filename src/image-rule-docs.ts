import { type ImageRule, imageRules } from './check/image-rules.ts';
import { type ImagePolicy, imagePolicy } from './config/image-policy.ts';
import { check } from './flags/images.ts';
import type { ImageRuleDoc } from './report/image-rule-doc.ts';
import { rulePage } from './rule-page.ts';

/** Flags of `dlint check` that say the same as a key of `image:`. */
const flagOf: Partial<Readonly<Record<keyof ImagePolicy, keyof typeof check.flags>>> = {
  maxSize: 'max-size',
  maxDeadBytes: 'max-dead',
  minEfficiency: 'min-efficiency',
  maxLayers: 'max-layers',
  maxLayerSize: 'max-layer-size',
  maxGrowth: 'max-growth',
  forbiddenPaths: 'forbid-path',
  forbiddenModes: 'forbid-mode',
  user: 'user',
};

/** The rules of `dlint check` as data, by id. */
export function describeImageRules(): readonly ImageRuleDoc[] {
  const { properties } = imagePolicy.schema() as { properties: Record<string, { description?: string }> };
  return Object.entries(imageRules).map(([id, rule]: [string, ImageRule]): ImageRuleDoc => {
    const { aliases = [], category, severity, summary, why, help, settings = [] } = rule;
    const asked = settings.length > 0 ? 'settings' : id.startsWith('dive-') ? 'dive-ci' : 'always';
    return {
      id,
      aliases,
      category,
      severity,
      summary,
      why,
      help,
      url: rulePage(id),
      asked,
      settings: settings.map((key) => ({
        key,
        flag: typedFlag(key),
        description: `${properties[key]?.description ?? ''}${id === 'image-efficiency' ? ' 90 % where nothing is asked for.' : ''}`,
      })),
    };
  });
}

function typedFlag(key: keyof ImagePolicy): string | null {
  const name = flagOf[key];
  return name === undefined ? null : `--${name} ${(check.flags[name] as { value?: string }).value ?? ''}`.trim();
}

/** The image rule that goes by a name, its id or what another tool calls it. */
export function imageRuleNamed(name: string): ImageRuleDoc | undefined {
  const wanted = name.toLowerCase();
  return describeImageRules().find(
    ({ id, aliases }) => id === wanted || aliases.some((alias) => alias.toLowerCase() === wanted),
  );
}
