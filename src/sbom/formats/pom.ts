import { stated } from '../stated.ts';

/** What a Maven project model says (maven.apache.org/pom.html), its own properties filled in. */
export interface Pom {
  readonly groupId?: string;
  readonly artifactId?: string;
  readonly version?: string;
  readonly licenses: readonly { readonly name?: string; readonly url?: string }[];
  readonly organization?: string;
  readonly url?: string;
  readonly scmUrl?: string;
  readonly description?: string;
  /** `group:artifact` of what is needed at run time. */
  readonly dependencies: readonly string[];
}

const MAX_POM = 2 * 1024 * 1024;
/** Of one element, before comments are taken out. */
const MAX_TEXT = 8192;
const MAX_DEPTH = 32;
const MAX_DEPENDENCIES = 2_000;
/** Placeholders that lead to placeholders. */
const MAX_ROUNDS = 4;

/** Reads a pom.xml. What it inherits from a parent that is not at hand is absent, and so is what it leaves open. */
export function parsePom(text: string): Pom {
  const values = new Map<string, string>();
  const licenses: { name?: string; url?: string }[] = [];
  const dependencies: Record<string, string>[] = [];
  for (const { path, text: value } of elements(text.slice(0, MAX_POM))) {
    const [, list, field] = /^project\/(licenses\/license|dependencies\/dependency)(?:\/(\w+))?$/.exec(path) ?? [];
    if (list === 'licenses/license' && field === undefined) licenses.push({});
    else if (list === 'dependencies/dependency' && field === undefined) dependencies.push({});
    else if (field && list === 'licenses/license') Object.assign(licenses.at(-1) ?? {}, { [field]: value });
    else if (field) Object.assign(dependencies.at(-1) ?? {}, { [field]: value });
    else if (path.startsWith('project/') && !values.has(path)) values.set(path, value);
  }
  const own = (name: string) => fill(values.get(`project/${name}`), values);
  const groupId = own('groupId') ?? own('parent/groupId');
  const version = own('version') ?? own('parent/version');
  const needed = dependencies
    .filter(({ scope = 'compile', optional }) => /^(?:compile|runtime)$/.test(scope) && optional !== 'true')
    .slice(0, MAX_DEPENDENCIES)
    .map(({ groupId, artifactId }) => `${fill(groupId, values) ?? ''}:${fill(artifactId, values) ?? ''}`);
  return {
    licenses,
    dependencies: needed.filter((name) => /^[^:]+:[^:]+$/.test(name)),
    ...stated({
      groupId,
      artifactId: own('artifactId'),
      version,
      organization: own('organization/name'),
      url: own('url'),
      scmUrl: own('scm/url'),
      description: own('description') ?? own('name'),
    }),
  };
}

/** `${project.version}` and properties of the same file. Undefined when something stays open. */
function fill(text: string | undefined, values: ReadonlyMap<string, string>): string | undefined {
  let filled = text;
  for (let round = 0; filled?.includes('${') && round < MAX_ROUNDS; round++) {
    filled = filled.slice(0, 1000).replace(/\$\{([^{}]+)\}/g, (whole, name: string) => {
      const field = name.replace(/^(?:project|pom)\./, '').replaceAll('.', '/');
      return (
        values.get(`project/properties/${name}`) ??
        values.get(`project/${field}`) ??
        (/^(?:groupId|version)$/.test(field) ? values.get(`project/parent/${field}`) : undefined) ??
        whole
      );
    });
  }
  return filled === undefined || filled === '' || filled.includes('${') ? undefined : filled;
}

/**
 * The elements of an XML text in their order, each when it begins (text empty) if it holds others, and with its text when
 * it holds none. Comments, instructions and attributes are passed over; entities are the five of XML.
 */
function* elements(text: string): Iterable<{ path: string; text: string }> {
  const stack: string[] = [];
  let start = 0;
  let isLeaf = false;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const skipped = skipMarkup(text, at);
    if (skipped !== undefined) {
      at = skipped;
      continue;
    }
    const end = text.indexOf('>', at);
    if (end < 0) return;
    const isEnd = text[at + 1] === '/';
    const name = /^[\w.:-]+/.exec(text.slice(at + (isEnd ? 2 : 1), at + 130))?.[0] ?? '';
    if (isEnd) {
      if (isLeaf) yield { path: stack.join('/'), text: plainText(text.slice(start, at)) };
      stack.pop();
      isLeaf = false;
    } else if (text[end - 1] !== '/') {
      if (isLeaf) yield { path: stack.join('/'), text: '' };
      stack.push(name);
      if (stack.length > MAX_DEPTH) return;
      start = end + 1;
      isLeaf = true;
    }
    at = end + 1;
  }
}

/** The place behind a comment, a CDATA section, a declaration or an instruction; undefined for an element. */
function skipMarkup(text: string, at: number): number | undefined {
  const [open, close] = text.startsWith('<!--', at)
    ? ['<!--', '-->']
    : text.startsWith('<![CDATA[', at)
      ? ['<![CDATA[', ']]>']
      : text[at + 1] === '!' || text[at + 1] === '?'
        ? ['<', '>']
        : [];
  if (!open || !close) return undefined;
  const end = text.indexOf(close, at + open.length);
  return end < 0 ? text.length : end + close.length;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function plainText(text: string): string {
  // Cut first: what is searched for may begin a million times and end never.
  const plain = text.slice(0, MAX_TEXT).replace(/<!--[^>]*-->|<!\[CDATA\[|\]\]>/g, '');
  return plain
    .replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => ENTITIES[name] as string)
    .trim()
    .replace(/\s+/g, ' ')
    .slice(0, 1000);
}
