import { DlintError } from '../../errors.ts';
import { type Limits, raise } from '../limits.ts';
import { fields, list, readJson, text } from './json.ts';
import type { FoundImage, LoadedImage, LoadedLayer, Store } from './store.ts';

const LAYER_JSON = /^([0-9a-f]{64})\/json$/;

/** The ids of layer folders, if the store is of the oldest form of `docker save`. */
export function layerFolders(store: Store): string[] {
  const ids: string[] = [];
  for (const name of store.names()) {
    const id = LAYER_JSON.exec(name)?.[1];
    if (id !== undefined) ids.push(id);
  }
  return ids.sort();
}

/**
 * Docker before 1.10 (moby, "image/spec/v1"): one folder for each layer, with `json` and `layer.tar`; `json` names the
 * parent, and `repositories` the topmost layers.
 */
export function findV1Images(store: Store, ids: readonly string[], limits: Limits): FoundImage[] {
  if (ids.length > limits.manifests)
    throw new DlintError('E_LIMIT', `${ids.length} layers`, {
      where: store.reference,
      hint: raise('manifests', limits, ids.length),
    });
  const parents = new Map(
    ids.map((id) => [id, text(fields(readJson(store, `${id}/json`, limits).value).get('parent'))]),
  );
  const heads = namedHeads(store, parents, limits);
  if (heads.size === 0) {
    const inner = new Set(parents.values());
    for (const id of ids) if (!inner.has(id)) heads.set(id, []);
  }
  return [...heads].map(([id, tags]) => ({
    tags,
    manifestDigest: null,
    platform: null,
    load: () => load(store, chain(store, id, parents), limits),
  }));
}

function namedHeads(store: Store, parents: ReadonlyMap<string, unknown>, limits: Limits): Map<string, string[]> {
  const heads = new Map<string, string[]>();
  if (!store.locate('repositories')) return heads;
  const repositories = readJson(store, 'repositories', limits).value;
  if (typeof repositories !== 'object' || repositories === null) return heads;
  for (const [repository, tags] of Object.entries(repositories)) {
    for (const [tag, id] of Object.entries(typeof tags === 'object' && tags !== null ? tags : {})) {
      if (typeof id === 'string' && parents.has(id)) heads.set(id, [...(heads.get(id) ?? []), `${repository}:${tag}`]);
    }
  }
  return heads;
}

/** The layers under `head`, lowest first. */
function chain(store: Store, head: string, parents: ReadonlyMap<string, string | undefined>): string[] {
  const ids: string[] = [];
  const seen = new Set<string>();
  for (let id: string | undefined = head; id; id = parents.get(id)) {
    if (seen.has(id)) throw new DlintError('E_CORRUPT', `layer ${id} is its own ancestor`, { where: store.reference });
    if (!parents.has(id)) {
      throw new DlintError('E_BLOB_MISSING', `layer ${id} is named as a parent, but not there`, {
        where: store.reference,
      });
    }
    seen.add(id);
    ids.push(id);
  }
  return ids.reverse();
}

function load(store: Store, ids: readonly string[], limits: Limits): LoadedImage {
  const config = readJson(store, `${ids.at(-1)}/json`, limits);
  return {
    format: 'docker-v1',
    config,
    layers: ids.map((id, index) => loadLayer(store, id, index, limits)),
    warnings: [],
  };
}

function loadLayer(store: Store, id: string, index: number, limits: Limits): LoadedLayer {
  const at = store.locate(`${id}/layer.tar`);
  if (!at)
    throw new DlintError('E_BLOB_MISSING', `layer ${index + 1}, ${id}, has no layer.tar`, { where: store.reference });
  const made = fields(fields(readJson(store, `${id}/json`, limits).value).get('container_config')).get('cmd');
  return {
    at,
    digest: null,
    mediaType: null,
    createdBy: list(made)
      .filter((word) => typeof word === 'string')
      .join(' '),
  };
}
