import {
  buildArg,
  type CommandSpec,
  config,
  dockerfile,
  failOnLevels,
  findingFormats,
  formatFlag,
  imageArg,
  imageReading,
  imageSource,
  insecure,
  limit,
  noColor,
  noConfig,
  platform,
  quiet,
  target,
  verify,
} from './common.ts';

export const inspect = {
  summary: 'Show what an image is, layer by layer, and what it wastes',
  description:
    'The head says what would run and as whom; then each layer with its size, the instruction that made it, what it added, changed and removed, and its dead bytes. Layers are read once, in parallel, without unpacking them.',
  args: [imageArg],
  formats: ['text', 'json', 'tree', 'csv', 'markdown', 'html', 'dive-json'],
  flags: {
    format: formatFlag(['text', 'json', 'tree', 'csv', 'markdown', 'html', 'dive-json']),
    interactive: {
      kind: 'boolean',
      char: 'i',
      summary: 'Look around in it on the terminal: layers, files, changes, contents; ? has the keys.',
    },
    layer: { kind: 'value', value: 'N', summary: 'One layer in full; 1 is the lowest.' },
    base: {
      kind: 'value',
      value: 'IMAGE|N',
      summary: 'The image it is built on, or how many layers that has: sums for what it brought and what was added.',
    },
    path: {
      kind: 'list',
      value: 'GLOB',
      group: 'view',
      summary: 'What became of these paths, layer by layer: etc/passwd, *.pyc, /usr/share. Repeatable.',
    },
    filter: {
      kind: 'list',
      value: 'GLOB',
      group: 'view',
      summary: 'Only these paths in trees and lists of changes. Repeatable.',
    },
    changes: {
      kind: 'list',
      value: 'KINDS',
      group: 'view',
      summary: 'Only these changes, comma separated: added, modified, removed.',
    },
    'min-size': { kind: 'value', value: 'SIZE', group: 'view', summary: 'Only files of this size or more, e.g. 1MB.' },
    depth: { kind: 'value', value: 'N', group: 'view', summary: 'Levels of a tree that are shown.' },
    sort: {
      kind: 'value',
      value: 'BY',
      options: ['name', 'size'],
      group: 'view',
      summary: 'Order in the directories of a tree: name (default), or size.',
    },
    dockerfile: {
      ...dockerfile,
      summary: 'The Dockerfile it was built from: shows the line that made each layer, and what the linter says of it.',
    },
    'build-arg': buildArg,
    target,
    ...imageSource,
    verify,
    ...imageReading,
  },
  examples: [
    { description: 'An image of the local engine', command: 'docker save app -o app.tar && dlint inspect app.tar' },
    { description: 'Look around in it', command: 'dlint inspect -i app.tar' },
    { description: 'Everything that layer 3 changed', command: 'dlint inspect app.tar --layer 3' },
    { description: 'The final file system as a tree', command: 'dlint inspect app.tar -f tree' },
    { description: 'Without the waste of the base image', command: 'dlint inspect app.tar --base debian.tar' },
    { description: 'Which lines make it large', command: 'dlint inspect app.tar --dockerfile Dockerfile' },
    {
      description: 'What fills the image',
      command: 'dlint inspect app.tar -f tree --sort size --depth 3 --min-size 1MB',
    },
    { description: 'What became of a file', command: 'dlint inspect app.tar --path etc/passwd' },
    {
      description: 'A comment for a pull request',
      command: 'dlint inspect app.tar -f markdown --dockerfile Dockerfile',
    },
    { description: 'To look around in a browser', command: 'dlint inspect app.tar -f html=app.html' },
    { description: 'For machines, beside the text', command: 'dlint inspect app.tar -f text -f json=app.json' },
  ],
} as const satisfies CommandSpec;

const layerBefore = {
  kind: 'value',
  value: 'N',
  summary: 'The image as it was after layer N; 1 is the lowest. Default: after the last.',
} as const;

export const cat = {
  summary: 'Print a file of an image',
  description:
    'The bytes of files of the final file system, one after the other, to standard output. Symbolic links are followed inside the image. Nothing is unpacked.',
  args: [imageArg, { name: 'path', summary: 'Path inside the image.', required: true, variadic: true }],
  formats: [],
  flags: {
    layer: layerBefore,
    ...imageSource,
    ...imageReading,
  },
  examples: [
    { description: 'Which distribution is it?', command: 'dlint cat app.tar /etc/os-release' },
    { description: 'As it was before later layers changed it', command: 'dlint cat app.tar app/config.json --layer 4' },
    { description: 'Without an archive on disk', command: 'docker save app | dlint cat - etc/passwd' },
  ],
} as const satisfies CommandSpec;

export const extract = {
  summary: 'Unpack the file system of an image, or a part of it, into a folder',
  description:
    'Writes the final file system below DIR and nothing outside of it, whatever the image holds. Owners, devices and setuid bits are left out; what this machine cannot store is told, and makes the exit code 1.',
  args: [imageArg, { name: 'dir', summary: 'A new or empty folder.', required: true, variadic: false }],
  formats: ['text', 'json'],
  flags: {
    format: formatFlag(['text', 'json']),
    path: {
      kind: 'list',
      value: 'GLOB',
      summary: 'Only paths that match, and what is below them, e.g. etc, usr/lib/**/*.so. Repeatable.',
    },
    layer: layerBefore,
    force: { kind: 'boolean', summary: 'Into a folder that is not empty; files in the way are replaced.' },
    setuid: { kind: 'boolean', summary: 'Keep setuid and setgid bits.' },
    devices: { kind: 'boolean', summary: 'Make devices and fifos, too (mknod; devices need root).' },
    'max-size': { kind: 'value', value: 'SIZE', summary: 'Refuse more than this, e.g. 2GB. Default: 64 GiB.' },
    ...imageSource,
    ...imageReading,
  },
  examples: [
    { description: 'All of it', command: 'dlint extract app.tar root' },
    { description: 'The application alone', command: 'dlint extract app.tar out --path app --path etc/nginx' },
    { description: 'What layer 3 still had', command: 'dlint extract app.tar out --layer 3 --path "**/*.pem"' },
  ],
} as const satisfies CommandSpec;

export const diff = {
  summary: 'Compare two images: files, configuration, packages, layers',
  description:
    'What has to be done to A to get B. Files are compared by what they hold; bodies are read only where nothing else tells. How the images are cut into layers counts only with --only layers.\nExit code: 0 alike, 1 different, 2 could not run.',
  args: [
    { ...imageArg, name: 'a', summary: 'The first image, as for dlint inspect.' },
    { ...imageArg, name: 'b', summary: 'The second one.' },
  ],
  formats: ['text', 'json'],
  flags: {
    format: formatFlag(['text', 'json']),
    only: { kind: 'list', value: 'SECTIONS', summary: 'Only these, comma separated: config, layers, packages, files.' },
    path: {
      kind: 'list',
      value: 'GLOB',
      summary: 'Only paths that match, and what is below them, e.g. etc. Repeatable.',
    },
    ignore: {
      kind: 'list',
      value: 'REASONS',
      summary: 'Differences of files that do not count, comma separated: mtime, owner, mode, xattr, content, …',
    },
    platform,
    insecure,
    limit,
    ...imageReading,
  },
  examples: [
    { description: 'What did the new build change?', command: 'dlint diff app-1.tar app-2.tar --ignore mtime' },
    { description: 'Packages alone', command: 'dlint diff debian:12 debian:13 --only packages' },
    { description: 'Is the build reproducible?', command: 'dlint diff first.tar second.tar -q && echo yes' },
  ],
} as const satisfies CommandSpec;

export const check = {
  summary: 'Hold an image to a policy: size, waste, secrets, user, labels, …',
  description:
    'What to hold it to comes from `image:` of .dlint.yaml, from a .dive-ci, and from flags, which win; without any of them an efficiency of 90 % is asked for. Files that hold a secret are looked for in every layer, also where a later one removes them.\nExit code: 0 passed, 1 findings, 2 could not run.',
  args: [imageArg],
  formats: findingFormats,
  flags: {
    format: formatFlag(findingFormats),
    'max-size': { kind: 'value', value: 'SIZE', group: 'policy', summary: 'Stored bytes at most, e.g. 200MB.' },
    'max-dead': {
      kind: 'value',
      value: 'SIZE',
      group: 'policy',
      summary: 'Bytes at most that are stored and not reachable.',
    },
    'min-efficiency': {
      kind: 'value',
      value: 'SHARE',
      group: 'policy',
      summary: 'Reachable by stored bytes at least, e.g. 0.9 or 90%.',
    },
    'max-layers': { kind: 'value', value: 'N', group: 'policy', summary: 'Layers at most.' },
    'max-layer-size': { kind: 'value', value: 'SIZE', group: 'policy', summary: 'Stored bytes of a layer at most.' },
    against: {
      kind: 'value',
      value: 'IMAGE',
      group: 'policy',
      summary: 'The image that growth is measured from, e.g. the one that runs now.',
    },
    'max-growth': { kind: 'value', value: 'SIZE', group: 'policy', summary: 'Growth at most: 20MB, or 5%.' },
    'forbid-path': {
      kind: 'list',
      value: 'GLOB',
      group: 'policy',
      summary: 'Paths that no layer may have, e.g. root/.ssh/**. Repeatable.',
    },
    'forbid-mode': {
      kind: 'list',
      value: 'MODES',
      group: 'policy',
      summary: 'Modes that no file may have, comma separated: setuid, setgid, world-writable.',
    },
    user: { kind: 'value', value: 'NAME', group: 'policy', summary: 'Whom it has to run as, or non-root.' },
    'ci-config': {
      kind: 'value',
      value: 'FILE',
      group: 'policy',
      summary: "dive's rules, held to the numbers that dive computes. Default: .dive-ci, where there is one.",
    },
    dockerfile: { ...dockerfile, summary: 'The Dockerfile it was built from: findings name its lines.' },
    'build-arg': buildArg,
    target,
    config,
    'no-config': noConfig,
    'fail-on': {
      kind: 'value',
      value: 'LEVEL',
      options: failOnLevels,
      summary: 'Lowest severity that makes the exit code 1: error, warning (default), info, style, never.',
    },
    ...imageSource,
    ...imageReading,
  },
  examples: [
    { description: 'What .dlint.yaml asks for', command: 'dlint check app.tar' },
    { description: 'Without a file', command: 'dlint check app.tar --max-size 200MB --max-dead 20MB --user non-root' },
    {
      description: 'No larger than what runs now',
      command: 'dlint check new.tar --against app:stable --max-growth 5%',
    },
    {
      description: 'In CI: on the lines of a pull request, and a readable log',
      command: 'dlint check app.tar --dockerfile Dockerfile -f text -f sarif=check.sarif',
    },
    { description: "With dive's rules", command: 'dlint check app.tar --ci-config .dive-ci' },
  ],
} as const satisfies CommandSpec;

export const shared = {
  summary: 'Show which layers and bytes several images have in common',
  description:
    'What each pair of images shares, and what all of them take up: one by one, in a registry, and unpacked on one host. Layers are the same where their content is, however they are compressed.',
  args: [{ ...imageArg, summary: 'Two images or more, as for dlint inspect.', variadic: true }],
  formats: ['text', 'json'],
  flags: { format: formatFlag(['text', 'json']), platform, insecure, limit, quiet, 'no-color': noColor },
  examples: [
    { description: 'Do the services build on the same base?', command: 'dlint shared api.tar worker.tar web.tar' },
    { description: 'How much a new version makes a host pull', command: 'dlint shared app:1.4 app:1.5' },
  ],
} as const satisfies CommandSpec;
