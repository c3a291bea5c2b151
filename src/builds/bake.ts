import type { BakeFile } from './bake-file.ts';
import { BakeScope } from './bake-scope.ts';
import { type BuildDraft, type BuildSection, draftOf, mergeDrafts } from './draft.ts';
import { Evaluator, type Scope, within } from './hcl/evaluate.ts';
import type { Block, Expression } from './hcl/syntax.ts';
import { isList, isTable, textOfValue, Unknown, type Value } from './hcl/value.ts';
import { type BuildFile, buildFileError, type Said } from './said.ts';
import type { Variables } from './variables.ts';

/** What a matrix may be multiplied out to. */
const maxTargets = 2000;
const spelling = { inline: 'dockerfile-inline', contexts: 'contexts' };

/**
 * The targets of bake files, HCL or JSON, of which later ones beat earlier ones (Bake file reference). Those whose names
 * begin with an underscore are there to be inherited from.
 */
export function bakeBuilds(files: readonly BakeFile[], environment: Variables): readonly BuildDraft[] {
  const targets = new Targets(files, environment);
  return targets.names.filter((name) => !name.startsWith('_')).map((name) => targets.read(name));
}

/** One target, or one row of its matrix. */
interface Target {
  readonly at: number;
  readonly file: BuildFile;
  readonly parts: readonly { readonly file: BuildFile; readonly block: Block }[];
  readonly scope: Scope;
}

class Targets {
  readonly #evaluator = new Evaluator();
  readonly #scope: Scope;
  readonly #targets = new Map<string, Target>();
  readonly #made = new Map<string, BuildDraft | 'open'>();
  /** Named in groups. */
  readonly #grouped: ReadonlySet<string>;
  /** How many targets inherit from it. */
  readonly #heirs = new Map<string, number>();

  constructor(files: readonly BakeFile[], environment: Variables) {
    this.#scope = new BakeScope(files, environment, this.#evaluator);
    const blocks = files.flatMap(({ file, body }) => body.blocks.map((block) => ({ file, block })));
    const parts = new Map<string, { file: BuildFile; block: Block }[]>();
    for (const part of blocks) {
      const [label] = part.block.labels;
      if (part.block.type === 'target' && label !== undefined) parts.set(label, [...(parts.get(label) ?? []), part]);
    }
    for (const [label, each] of parts) this.#add(label, each);
    const groups = blocks.filter(({ block }) => block.type === 'group');
    this.#grouped = new Set(groups.flatMap(({ block }) => this.#names(block, 'targets', this.#scope)));
    for (const { parts: own, scope } of this.#targets.values()) {
      for (const name of own.flatMap(({ block }) => this.#names(block, 'inherits', scope))) {
        this.#heirs.set(name, (this.#heirs.get(name) ?? 0) + 1);
      }
    }
  }

  get names(): readonly string[] {
    return [...this.#targets.keys()];
  }

  read(name: string): BuildDraft {
    const { at, file, parts, scope } = this.#targets.get(name) as Target;
    const known = this.#made.get(name);
    if (known === 'open') throw buildFileError(file, at, `inherits leads in a circle: ${name}`);
    if (known) return known;
    this.#made.set(name, 'open');
    const parents = parts.findLast(({ block }) => block.body.attributes.has('inherits'));
    const bases = parents
      ? this.#names(parents.block, 'inherits', scope).filter((each) => this.#targets.has(each))
      : [];
    const own = parts.map((part) =>
      draftOf({ name, file: part.file, at: part.block.at }, new Section(part, scope, this.#evaluator), spelling),
    );
    const isBase = this.#heirs.has(name) && !this.#grouped.has(name);
    const drafts = [...bases.map((base) => this.#inherit(base)), ...own];
    const { isBase: _, ...made } = { ...drafts.reduce(mergeDrafts), name, file, at };
    const draft: BuildDraft = isBase ? { ...made, isBase } : made;
    this.#made.set(name, draft);
    return draft;
  }

  /** Arguments that several targets get are for those of them that declare them. */
  #inherit(name: string): BuildDraft {
    const base = this.read(name);
    if ((this.#heirs.get(name) ?? 0) < 2) return base;
    return { ...base, args: new Map([...base.args].map(([key, said]) => [key, { ...said, isShared: true }])) };
  }

  #add(label: string, parts: Target['parts']): void {
    const [{ file, block }] = parts as [Target['parts'][number]];
    const target = { file, at: block.at, parts };
    const matrix = parts.findLast((part) => part.block.body.attributes.has('matrix'));
    if (!matrix) {
      this.#targets.set(label, { ...target, scope: this.#scope });
      return;
    }
    const naming = parts.findLast((part) => part.block.body.attributes.has('name'))?.block.body.attributes.get('name');
    for (const [i, row] of this.#rows(matrix.file, matrix.block).entries()) {
      const scope = within(this.#scope, row);
      const name = naming ? textOfValue(this.#evaluator.evaluate(naming.value, scope)) : label;
      // Without a name of its own it is told apart, all the same.
      this.#targets.set(typeof name === 'string' && naming ? name : `${label}-${i + 1}`, { ...target, scope });
      if (this.#targets.size > maxTargets) throw buildFileError(file, block.at, `more than ${maxTargets} targets`);
    }
  }

  /** Every combination of the values of a matrix. */
  #rows(file: BuildFile, block: Block): readonly ReadonlyMap<string, Value>[] {
    const { value: expression } = block.body.attributes.get('matrix') as { value: Expression };
    const matrix = this.#evaluator.evaluate(expression, this.#scope);
    if (matrix instanceof Unknown) throw buildFileError(file, expression.start, matrix.what, matrix.hint);
    if (!isTable(matrix)) throw buildFileError(file, expression.start, 'matrix is no table of lists');
    return [...matrix].reduce<readonly ReadonlyMap<string, Value>[]>(
      (rows, [name, values]) => {
        if (values instanceof Unknown) throw buildFileError(file, expression.start, values.what, values.hint);
        if (!isList(values)) throw buildFileError(file, expression.start, `${name} of matrix is no list`);
        if (rows.length * values.length > maxTargets)
          throw buildFileError(file, expression.start, `a matrix of more than ${maxTargets} targets`);
        return rows.flatMap((row) => values.map((value) => new Map([...row, [name, value]])));
      },
      [new Map()],
    );
  }

  /** Names that are known. */
  #names(block: Block, key: string, scope: Scope): readonly string[] {
    const expression = block.body.attributes.get(key)?.value;
    const value = expression ? this.#evaluator.evaluate(expression, scope) : null;
    return isList(value) ? value.filter((each) => typeof each === 'string') : [];
  }
}

/** A block of a target. */
class Section implements BuildSection {
  readonly #file: BuildFile;
  readonly #block: Block;
  readonly #compute: (expression: Expression) => Value;

  constructor({ file, block }: Target['parts'][number], scope: Scope, evaluator: Evaluator) {
    this.#file = file;
    this.#block = block;
    this.#compute = (expression) => evaluator.evaluate(expression, scope);
  }

  text(key: string): Said | undefined {
    const expression = this.#expression(key);
    const said = expression && this.#said(key, this.#compute(expression), expression);
    // The folder that bake is started in; for us, that of the file.
    if (said?.text?.startsWith('cwd://')) return { ...said, text: said.text.slice('cwd://'.length) || '.' };
    return said;
  }

  texts(key: string): readonly Said[] {
    const expression = this.#expression(key);
    if (!expression) return [];
    if (expression.kind === 'list') {
      return expression.items.flatMap((item) => this.#said(key, this.#compute(item), item) ?? []);
    }
    const value = this.#compute(expression);
    if (isList(value)) return value.flatMap((each) => this.#said(key, each, expression) ?? []);
    return [this.#said(key, value, expression) ?? []].flat();
  }

  /** What is null is not given. */
  pairs(key: string): ReadonlyMap<string, Said> {
    const expression = this.#expression(key);
    if (!expression) return new Map();
    const places = new Map(
      expression.kind === 'object'
        ? expression.entries.map(({ key: name }) => [String(textOfValue(this.#compute(name))), name] as const)
        : [],
    );
    const value = this.#compute(expression);
    if (value instanceof Unknown || value === null) return new Map();
    if (!isTable(value)) throw buildFileError(this.#file, expression.start, `${key} is no table`);
    return new Map(
      [...value].flatMap(([name, each]) => {
        const said = this.#said(name, each, places.get(name) ?? expression);
        return said ? [[name, said] as const] : [];
      }),
    );
  }

  #expression(key: string): Expression | undefined {
    return this.#block.body.attributes.get(key)?.value;
  }

  #said(what: string, value: Value, { start, end }: Expression): Said | undefined {
    const place = { file: this.#file, span: { start, end } };
    if (value === null) return undefined;
    if (isList(value) || isTable(value)) {
      throw buildFileError(this.#file, start, `${what} is a ${isList(value) ? 'list' : 'table'}, not a text`);
    }
    const text = textOfValue(value);
    if (typeof text === 'string') return { text, ...place };
    return { unknown: text.what, ...(text.hint && { hint: text.hint }), ...place };
  }
}
