import { rules } from '../../rules/index.ts';
import { type ConfigChoice, Configs } from '../config.ts';
import type { DlintError } from '../errors.ts';
import type { LicenseLists } from './config.ts';
import type { ImagePolicy } from './image-policy.ts';

/** What the configuration of the working directory asks of images. */
export interface FoundPolicy {
  /** As shown; null when there is no configuration. */
  readonly path: string | null;
  readonly policy: ImagePolicy;
  /** `FILE:LINE` of each key. */
  readonly origins: ReadonlyMap<string, string>;
}

/** @throws DlintError the first thing that is wrong with the configuration */
export async function imagePolicyFor(choice: ConfigChoice): Promise<FoundPolicy> {
  const loaded = await new Configs({ ...choice, noPlugins: true }, rules).of('Dockerfile');
  if (!loaded) return { path: null, policy: {}, origins: new Map() };
  if ('errors' in loaded) throw loaded.errors[0] as DlintError;
  const { path, image, imageOrigins } = loaded.config;
  return { path, policy: image, origins: imageOrigins };
}

/**
 * Which licences the configuration of the working directory takes.
 *
 * @throws DlintError the first thing that is wrong with the configuration
 */
export async function licensesFor(choice: ConfigChoice): Promise<LicenseLists> {
  const loaded = await new Configs({ ...choice, noPlugins: true }, rules).of('Dockerfile');
  if (!loaded) return {};
  if ('errors' in loaded) throw loaded.errors[0] as DlintError;
  return loaded.config.licenses;
}
