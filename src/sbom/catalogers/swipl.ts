import type { Cataloger } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

const PACKS = '**/pack/*/pack.pl';
const MAX_TEXT = 1 << 16;

/** Packs of SWI-Prolog that are installed (swi-prolog.org, "Creating and submitting a pack"): facts about each. */
const swipl: Cataloger = {
  name: 'swipl',
  version: 1,
  files: [PACKS],
  *catalog(view) {
    for (const file of view.match(PACKS)) {
      const text = file.text().slice(0, MAX_TEXT);
      const fact = (name: string) =>
        new RegExp(String.raw`^[ \t]*${name}\([ \t]*['"]?([^'"(),\s][^'"(),]{0,200}?)['"]?[ \t]*[,)]`, 'm').exec(
          text,
        )?.[1];
      const name = fact('name');
      const version = fact('version');
      const purl = name && version && tryPurl({ type: 'swiplpack', name, version });
      if (!name || !version || !purl) continue;
      const author = fact('author');
      const home = /^[ \t]*home\([ \t]*'(https?:[^'\s]+)'/m.exec(text)?.[1];
      yield {
        name,
        version,
        purl,
        ecosystem: 'swiplpack',
        foundBy: 'swipl',
        ...stated({ supplier: author ? { name: author } : undefined, homepage: home, description: fact('title') }),
        confidence: 1,
        evidence: [file.path],
      };
    }
  },
};
export default swipl;
