import type { Cataloger, FileView, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';

const JOURNAL = '**/perllocal.pod';
const PACKLIST = '**/auto/**/.packlist';
const MAX_TEXT = 16 << 20;
const MAX_ENTRIES = 20_000;

/**
 * Perl modules that were installed by `make install`, as every client of CPAN does it: the journal `perllocal.pod` says
 * which version (ExtUtils::Install, `perllocal_install`), a `.packlist` that it is still there.
 */
const perlLocal: Cataloger = {
  name: 'perl-local',
  version: 1,
  files: [JOURNAL, PACKLIST, '**/.meta/*/install.json'],
  *catalog(view, { once }) {
    const recorded = distributionsOf(view);
    const packlists = new Map([...view.match(PACKLIST)].map((file) => [moduleOf(file.path), file]));
    const found = new Map<string, Package>();
    for (const file of view.match(JOURNAL)) {
      const entries = once(file, () => (file.bytes.length > MAX_TEXT ? [] : [...readJournal(file.text())]));
      for (const { module, version } of entries) {
        const packlist = packlists.get(module);
        const name = module.replaceAll('::', '-');
        const purl = packlist && !recorded.has(name) ? tryPurl({ type: 'cpan', name, version }) : undefined;
        if (!packlist || !purl) continue;
        const ownsFiles = once(packlist, () => pathsOf(packlist.text()));
        // Of a module that was installed again, the last entry counts.
        found.set(packlist.path, {
          name,
          version,
          purl,
          ecosystem: 'cpan',
          foundBy: 'perl-local',
          ownsFiles,
          provides: [module],
          confidence: 0.9,
          evidence: [packlist.path, file.path],
        });
      }
    }
    yield* found.values();
  },
};
export default perlLocal;

interface Entry {
  readonly module: string;
  readonly version: string;
}

function* readJournal(text: string): Iterable<Entry> {
  let count = 0;
  for (const part of text.split(/^=head2 /m).slice(1)) {
    const [, module] = /C<Module> L<([\w:']+)\|/.exec(part.slice(0, 1000)) ?? [];
    const [, version] = /C<VERSION: v?(\d[\w.]*)>/.exec(part.slice(0, 5000)) ?? [];
    if (module && version && ++count <= MAX_ENTRIES) yield { module, version };
  }
}

/** What cpanm has written down in full is listed by that. */
function distributionsOf(view: FileView): Set<string> {
  return new Set(
    [...view.match('**/.meta/*/install.json')].map(
      ({ path }) =>
        path
          .split('/')
          .at(-2)
          ?.replace(/-v?\d[^-]*$/, '') ?? '',
    ),
  );
}

/** `…/auto/Foo/Bar/.packlist` is of Foo::Bar. */
function moduleOf(path: string): string {
  return path.slice(path.lastIndexOf('/auto/') + '/auto/'.length, -'/.packlist'.length).replaceAll('/', '::');
}

/** A path each line, with a type behind it where it is a link. */
function pathsOf(text: string): string[] {
  const lines = text.slice(0, MAX_TEXT).split('\n');
  return lines.map((line) => line.replace(/^\//, '').replace(/ \w+=.*$/, '')).filter((line) => line !== '');
}
