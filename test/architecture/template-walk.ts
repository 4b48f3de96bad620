import Handlebars from 'handlebars';
import type { FrameModel } from '../../src/platform/http/frame.js';

type Program = hbs.AST.Program;
type Expression = hbs.AST.Expression;
type Path = hbs.AST.PathExpression;

/** A value that a piece of a template is filled with, inside the value of the block around it. */
interface Context {
  readonly value: unknown;
  readonly outer: Context | null;
  readonly frame: FrameModel;
}

type Block = hbs.AST.PartialBlockStatement | hbs.AST.PartialStatement;

const MANY = 40;
/** What #each and the renderer give to templates beside the model. */
const LOOP_DATA: ReadonlySet<string> = new Set(['index', 'first', 'last', 'key', 'partial-block']);

/**
 * Walks the syntax trees of templates with models and notes every path that a model does not have. Unlike rendering it
 * goes into both sides of every #if, where strict mode does not look.
 */
export class TemplateWalk {
  readonly problems = new Set<string>();
  readonly visited = new Set<string>();
  /** Paths that lead somewhere with at least one model; what is left over is never filled by any sample. */
  private readonly filled = new Set<string>();
  private readonly empty = new Set<string>();
  private readonly options: ReadonlySet<string>;
  private template = '';

  constructor(private readonly trees: ReadonlyMap<string, Program>) {
    this.options = new Set([...trees.values()].flatMap((tree) => layoutOptions(tree)));
  }

  page(template: string, value: unknown, frame: FrameModel): void {
    this.enter(template, { value, outer: null, frame });
  }

  /** Loops and objects that no sample has anything in: their templates were never looked at. */
  get neverFilled(): string[] {
    return [...this.empty].filter((place) => !this.filled.has(place));
  }

  private enter(template: string, context: Context): void {
    const tree = this.trees.get(template);
    if (tree === undefined) {
      this.problems.add(`${this.template}: there is no template ${template}`);
      return;
    }
    const caller = this.template;
    this.template = template;
    this.visited.add(template);
    this.program(tree, context);
    this.template = caller;
  }

  private program(program: Program | undefined, context: Context): void {
    for (const statement of program?.body ?? []) this.statement(statement, context);
  }

  private statement(statement: hbs.AST.Statement, context: Context): void {
    if (isMustache(statement)) this.expression(statement, context);
    else if (isBlock(statement)) this.block(statement, context);
    else if (isPartial(statement)) this.partial(statement, context);
  }

  private block(block: hbs.AST.BlockStatement, context: Context): void {
    const kind = block.path.original;
    const [subject] = block.params;
    const value = subject === undefined ? undefined : this.valueOf(subject, context);
    if (kind === 'each' || kind === 'with') {
      const inner = kind === 'each' ? elementsOf(value) : isNothing(value) ? [] : [value];
      this.note(block, inner.length > 0);
      for (const one of inner) this.program(block.program, { ...context, value: one, outer: context });
    } else this.program(block.program, context);
    this.program(block.inverse, context);
  }

  private partial(statement: Block, context: Context): void {
    const name = (statement.name as Path).original;
    if (name === '@partial-block') return;
    const [given] = statement.params;
    const value = given === undefined ? context.value : this.valueOf(given, context);
    const inside = {
      value: this.withHash(value, statement.hash, context),
      outer: null,
      frame: context.frame,
    };
    this.note(statement, !isNothing(value));
    if (!isNothing(value)) this.enter(name, inside);
    if (isPartialBlock(statement)) this.program(statement.program, context);
  }

  private withHash(value: unknown, hash: hbs.AST.Hash | undefined, context: Context): unknown {
    const pairs = hash?.pairs ?? [];
    if (pairs.length === 0) return value;
    return {
      ...(value as object),
      ...Object.fromEntries(pairs.map((pair) => [pair.key, this.valueOf(pair.value, context)])),
    };
  }

  /** A call of a helper looks at its arguments; anything else is a path or a literal. */
  private expression(node: hbs.AST.MustacheStatement | hbs.AST.SubExpression, context: Context): void {
    if (node.params.length === 0) this.valueOf(node.path, context);
    else for (const param of node.params) this.valueOf(param, context);
  }

  private valueOf(expression: Expression, context: Context): unknown {
    if (expression.type === 'SubExpression') {
      this.expression(expression as hbs.AST.SubExpression, context);
      return undefined;
    }
    if (expression.type !== 'PathExpression') return (expression as { value?: unknown }).value ?? null;
    return this.follow(expression as Path, context);
  }

  private follow(path: Path, context: Context): unknown {
    const parts = path.parts;
    if (path.data) return LOOP_DATA.has(parts[0] ?? '') ? 0 : this.read(path, { frame: context.frame });
    let from: Context | null = context;
    for (let depth = path.depth; depth > 0; depth -= 1) from = from?.outer ?? null;
    return this.read(path, from?.value);
  }

  private read(path: Path, start: unknown): unknown {
    let value = start;
    for (const part of path.parts) {
      if (isNothing(value)) return value;
      if (!Object.hasOwn(Object(value) as object, part)) {
        this.missing(path, part);
        return undefined;
      }
      value = (value as Record<string, unknown>)[part];
    }
    return value;
  }

  private missing(path: Path, part: string): void {
    if (this.template.startsWith('layouts/') && this.options.has(part)) return;
    this.problems.add(`${this.template}:${String(path.loc.start.line)} has {{${path.original}}}`);
  }

  private note(node: hbs.AST.Node, something: boolean): void {
    const place = `${this.template}:${String(node.loc.start.line)}:${String(node.loc.start.column)}`;
    (something ? this.filled : this.empty).add(place);
  }
}

/** Every node of a tree, for questions about one node alone. */
export function nodesOf(tree: Program): hbs.AST.Node[] {
  const nodes: hbs.AST.Node[] = [];
  class Collector extends Handlebars.Visitor {
    override accept(node: hbs.AST.Node): void {
      if ((node as hbs.AST.Node | undefined) !== undefined) nodes.push(node);
      super.accept(node);
    }
  }
  new Collector().accept(tree);
  return nodes;
}

/** What pages may tell their layout and may leave out: `{{#> layouts/app title="…" bleed=true}}`. */
function layoutOptions(tree: Program): string[] {
  return nodesOf(tree)
    .filter(isPartialBlock)
    .flatMap(({ hash }) => (hash as hbs.AST.Hash | undefined)?.pairs.map(({ key }) => key) ?? []);
}

function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function elementsOf(value: unknown): unknown[] {
  if (isNothing(value)) return [];
  return [...(value as Iterable<unknown>)].slice(0, MANY);
}

const isMustache = (node: hbs.AST.Node): node is hbs.AST.MustacheStatement =>
  node.type === 'MustacheStatement';
const isBlock = (node: hbs.AST.Node): node is hbs.AST.BlockStatement => node.type === 'BlockStatement';
const isPartialBlock = (node: hbs.AST.Node): node is hbs.AST.PartialBlockStatement =>
  node.type === 'PartialBlockStatement';
const isPartial = (node: hbs.AST.Node): node is Block =>
  node.type === 'PartialStatement' || isPartialBlock(node);
