import type { InstalledFrom } from './formats/dnf-history.ts';
import { parseToml } from './formats/toml.ts';
import { isRecord, stringOf } from './json.ts';
import type { CatalogContext, FileView } from './package.ts';

/** Where dnf 5 keeps which repository each rpm came from. */
export const DNF5_STATE = 'usr/lib/sysimage/libdnf5/nevras.toml';

/** libdnf5 (`src/libdnf5/system/state.cpp`): a table of NEVRAs, each with `from_repository`. */
export function readDnf5State(view: FileView, { problem, once }: CatalogContext): InstalledFrom[] {
  const file = view.get(DNF5_STATE);
  if (!file) return [];
  return once(file, () => {
    try {
      const { nevras } = parseToml(file.text());
      return Object.entries(isRecord(nevras) ? nevras : {}).flatMap(([nevra, one]): InstalledFrom[] => {
        const repository = isRecord(one) ? stringOf(one.from_repository) : undefined;
        return repository ? [[nevra.replace(/-0:(?=[^-]*-[^-]*$)/, '-'), repository]] : [];
      });
    } catch {
      problem(file.path, 'no TOML');
      return [];
    }
  });
}
