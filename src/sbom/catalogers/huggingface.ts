import type { Cataloger } from '../package.ts';
import { tryPurl } from '../purl.ts';

const REFERENCES = '**/models--*/refs/main';

/** Models in the cache of Hugging Face's client (huggingface_hub, "Understand caching"): what its branch was at. */
const huggingface: Cataloger = {
  name: 'huggingface',
  version: 1,
  files: [REFERENCES],
  *catalog(view) {
    for (const file of view.match(REFERENCES)) {
      const [, folder = '', id = ''] = /^(?:(.*)\/)?models--([^/]+)\/refs\/main$/.exec(file.path) ?? [];
      const [, version] = /^([0-9a-f]{40})\s*$/.exec(file.text().slice(0, 100)) ?? [];
      const [name = '', namespace] = id.split('--').reverse();
      const home = `${folder === '' ? '' : `${folder}/`}models--${id}`;
      if (!version || !view.has(`${home}/snapshots/${version}`)) continue;
      const purl = tryPurl({ type: 'huggingface', ...(namespace ? { namespace } : {}), name, version });
      if (!purl) continue;
      const full = namespace ? `${namespace}/${name}` : name;
      yield {
        name: full,
        version,
        purl,
        ecosystem: 'huggingface',
        foundBy: 'huggingface',
        homepage: `https://huggingface.co/${full}`,
        confidence: 1,
        evidence: [file.path],
      };
    }
  },
};
export default huggingface;
