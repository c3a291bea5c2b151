import type { Cataloger } from '../package.ts';
import { readSbomDocument } from '../sbom-document.ts';

/** SBOMs that lie in the image: of Wolfi's and Bitnami's packages, of Python wheels (PEP 770), of applications. */
const embedded: Cataloger = {
  name: 'embedded',
  version: 1,
  isHearsay: true,
  files: [
    '**/*.spdx.json',
    '**/*.cdx.json',
    '**/*.dist-info/sboms/*.json',
    'var/lib/db/sbom/*.json',
    'opt/bitnami/**/.spdx-*.spdx',
    'META-INF/sbom/*.json',
  ],
  *catalog(view, context) {
    for (const file of view.match(...embedded.files)) {
      const document = context.once(file, () => readSbomDocument(file.text()));
      if (!document) context.problem(file.path, 'no SBOM in JSON that is known');
      for (const one of document ?? []) yield { ...one, foundBy: 'embedded', confidence: 0.6, evidence: [file.path] };
    }
  },
};
export default embedded;
