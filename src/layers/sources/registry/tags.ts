import { DlintError } from '../../../errors.ts';
import { fields, texts } from '../json.ts';
import type { RegistryClient } from './client.ts';

const LONGEST_LIST = 1024 * 1024;
const MOST_SHOWN = 8;

/** That a tag or digest is not there, with the tags that are. */
export async function missingManifest(
  client: RegistryClient,
  target: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<DlintError> {
  const where = `${client.origin.host}/v2/${client.repository}/manifests/${target}`;
  if (target.includes(':')) return new DlintError('E_REGISTRY', `${name} has no manifest ${target}`, { where });
  const tags = await similarTags(client, target, signal);
  if (tags.length > 0) {
    return new DlintError('E_REGISTRY', `there is no ${name}`, { where, hint: `tags there: ${tags.join(', ')}` });
  }
  return new DlintError('E_REGISTRY', `there is no ${name}, and no other tag is listed`, {
    where,
    hint: 'check the name; a file of that name is not there either',
  });
}

/** Tags of the repository that begin most like `wanted`; none where the registry does not list them. */
async function similarTags(client: RegistryClient, wanted: string, signal?: AbortSignal): Promise<string[]> {
  try {
    const answer = await client.get('tags/list?n=1000', { signal });
    const body = fields(JSON.parse((await answer.bytes(LONGEST_LIST)).toString('utf8')));
    const tags = texts(body.get('tags')).filter((tag) => /^[\w.-]{1,128}$/.test(tag));
    return tags
      .map((tag) => ({ tag, alike: commonPrefix(tag, wanted) }))
      .sort((a, b) => b.alike - a.alike)
      .slice(0, MOST_SHOWN)
      .map(({ tag }) => tag);
  } catch {
    signal?.throwIfAborted();
    return [];
  }
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
