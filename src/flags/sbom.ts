import {
  type CommandSpec,
  config,
  failOnLevels,
  formatFlag,
  imageArg,
  imageReading,
  imageSource,
  noConfig,
} from './common.ts';

const sbomFormats = [
  'cyclonedx',
  'cyclonedx@1.4',
  'cyclonedx@1.5',
  'cyclonedx@1.6',
  'cyclonedx@1.7',
  'cyclonedx-xml',
  'spdx',
  'spdx@3',
  'spdx-tag-value',
  'syft-json',
  'github',
  'csv',
  'purls',
  'table',
] as const;

export const sbom = {
  summary: 'Write the software bill of materials of an image, a root filesystem or a project',
  description:
    'The packages and programs that the image holds, each with its purl, licence, evidence and layer. Of a folder with an os-release the packages that are installed in it; of any other folder what its lock files pin, with scope and dependencies. CycloneDX 1.6 by default; the same input gives the same bytes. Exit code: 0, 1 licences that are not allowed, 2 could not run.',
  args: [
    {
      ...imageArg,
      summary: `${imageArg.summary} Or a folder: a root filesystem, or a project with lock files; dir:PATH and rootfs:PATH say which.`,
    },
  ],
  formats: sbomFormats,
  flags: {
    format: formatFlag(sbomFormats),
    author: {
      kind: 'list',
      value: 'NAME',
      group: 'document',
      summary:
        'Who makes the SBOM, e.g. "Acme Ltd <sbom@acme.example>". Default: as the labels of the image say. Repeatable.',
    },
    supplier: {
      kind: 'value',
      value: 'NAME',
      group: 'document',
      summary: 'Who ships the image, e.g. "Acme Ltd (https://acme.example)". Default: the vendor that its label names.',
    },
    'no-hashes': {
      kind: 'boolean',
      group: 'document',
      summary: 'Without the SHA-256 of their files for packages that have no hash of their own: files are not read.',
    },
    check: {
      kind: 'value',
      value: 'STANDARD',
      options: ['ntia', 'cisa', 'bsi'],
      summary: 'Print which minimum elements are missing instead: ntia, cisa, bsi. Exit code: 0 none, 1 some.',
    },
    'all-layers': {
      kind: 'boolean',
      summary: 'Also packages that a later layer removed or replaced, marked so: their bytes still ship.',
    },
    dockerfile: {
      kind: 'value',
      value: 'FILE',
      summary: 'The Dockerfile it was built from: shows the line that brought each package.',
    },
    'exclude-dev': {
      kind: 'boolean',
      summary: 'Of a project: without packages that are needed for development alone.',
    },
    'allow-license': {
      kind: 'list',
      value: 'LICENSE',
      group: 'licences',
      summary:
        'Nothing but these: SPDX ids, also with *, e.g. MIT, BSD-*. Repeatable. Default: licenses.allow of .dlint.yaml.',
    },
    'deny-license': {
      kind: 'list',
      value: 'LICENSE',
      group: 'licences',
      summary: 'None of these, e.g. AGPL-*. Repeatable. Default: licenses.deny of .dlint.yaml.',
    },
    'license-report': {
      kind: 'list',
      value: 'NAME[=FILE]',
      group: 'licences',
      summary:
        'Findings about licences in a format of dlint lint (text, json, sarif, junit, …); with =FILE written there. Default: text on standard error. Repeatable.',
    },
    'fail-on': {
      kind: 'value',
      value: 'LEVEL',
      options: failOnLevels,
      group: 'licences',
      summary: 'Lowest severity of findings about licences that makes the exit code 1. Default: warning.',
    },
    config,
    'no-config': noConfig,
    ...imageSource,
    ...imageReading,
  },
  examples: [
    { description: 'CycloneDX on standard output', command: 'dlint sbom app.tar' },
    {
      description: 'Two files in one pass',
      command: 'dlint sbom app.tar -f cyclonedx=app.cdx.json -f spdx=app.spdx.json',
    },
    { description: 'To read', command: 'dlint sbom app.tar -f table' },
    { description: 'What the lock files of this project pin', command: 'dlint sbom . --exclude-dev' },
    {
      description: 'No copyleft, whatever it is for',
      command: 'dlint sbom app.tar -f table --deny-license "GPL-*" --deny-license "AGPL-*"',
    },
  ],
} as const satisfies CommandSpec;
