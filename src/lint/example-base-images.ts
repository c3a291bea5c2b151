import { parse } from './parse.ts';
import type { Example } from './rule.ts';
import type { BaseImage } from './semantic/model.ts';
import { analyze, baseImageKey } from './semantic.ts';

/** What registries say of an example's images, for each platform that its text asks for. */
export function baseImagesOf({ images }: Example, text: string): ReadonlyMap<string, BaseImage> | undefined {
  if (!images) return undefined;
  const found = new Map<string, BaseImage>();
  const { stages } = analyze(parse({ path: 'Dockerfile', text }));
  for (const { base, platform } of stages) {
    const facts = base.kind === 'image' ? images[base.image.text] : undefined;
    if (base.kind !== 'image' || !facts) continue;
    const { env = {}, user = '', ...others } = facts;
    found.set(baseImageKey(base.image.text, platform), { ...others, user, env: new Map(Object.entries(env)) });
  }
  return found;
}
