import type { Render } from '../../report/finding.ts';
import type { DocumentOptions } from '../document.ts';
import type { Sbom } from '../sbom.ts';
import { sbomCsv } from './csv.ts';
import { cyclonedx } from './cyclonedx.ts';
import { cyclonedxXml } from './cyclonedx-xml.ts';
import { githubSnapshot } from './github.ts';
import { purls } from './purls.ts';
import { spdx } from './spdx.ts';
import { spdx3 } from './spdx-3.ts';
import { spdxTagValue } from './spdx-tag-value.ts';
import { syftJson } from './syft-json.ts';
import { sbomTable } from './table.ts';

/** Every format that an SBOM can be written in, by the name that `--format` takes. */
export function sbomRenderers(options: DocumentOptions) {
  return {
    cyclonedx: (sbom) => cyclonedx(sbom, options),
    'cyclonedx@1.4': (sbom) => cyclonedx(sbom, options, '1.4'),
    'cyclonedx@1.5': (sbom) => cyclonedx(sbom, options, '1.5'),
    'cyclonedx@1.6': (sbom) => cyclonedx(sbom, options, '1.6'),
    'cyclonedx@1.7': (sbom) => cyclonedx(sbom, options, '1.7'),
    'cyclonedx-xml': (sbom) => cyclonedxXml(sbom, options),
    spdx: (sbom) => spdx(sbom, options),
    'spdx@3': (sbom) => spdx3(sbom, options),
    'spdx-tag-value': (sbom) => spdxTagValue(sbom, options),
    'syft-json': (sbom) => syftJson(sbom, options),
    github: (sbom) => githubSnapshot(sbom, options),
    csv: sbomCsv,
    purls,
    table: sbomTable,
  } satisfies Record<string, Render<Sbom>>;
}

const ALIASES: Readonly<Record<string, string>> = {
  'cyclonedx-json': 'cyclonedx',
  'cyclonedx-xml@1.6': 'cyclonedx-xml',
  'github-json': 'github',
  'spdx-json': 'spdx',
  'spdx-json@2.3': 'spdx',
  'spdx@2.3': 'spdx',
  'spdx-json@3.0': 'spdx@3',
  'spdx-json@3.0.1': 'spdx@3',
  'spdx@3.0': 'spdx@3',
  'spdx@3.0.1': 'spdx@3',
  'spdx-3-json': 'spdx@3',
  'spdx-tag-value@2.3': 'spdx-tag-value',
  'syft-table': 'table',
};

/** The name that a format has here, of a name that another tool gives it; any other text as it is. */
export function formatName(name: string): string {
  return ALIASES[name] ?? name.replace(/^cyclonedx-json@/, 'cyclonedx@');
}
