import Handlebars from 'handlebars';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Assets } from './assets.js';
import type { FrameModel } from './frame.js';
import { loadIcons } from './icons.js';
import { projectRoot } from './project-root.js';
import { viewHelpers } from './view-helpers.js';

export interface ViewRendererOptions {
  /** The folder that holds `views` and `public`. */
  readonly root?: string;
  readonly assets?: Assets;
  /** Read the templates again for every page; for development. */
  readonly reload?: boolean;
}

/**
 * Turns a template and its view model into HTML. Names are paths under views/ without the extension:
 * `databases/index` is a page and brings its own layout, `databases/_row` is a fragment.
 */
export class ViewRenderer {
  private views: typeof Handlebars;
  private readonly helpers: ReturnType<typeof viewHelpers>;
  private readonly root: string;
  private readonly reload: boolean;

  /** Parses and compiles every template, so that a broken one stops the start instead of the first visitor. */
  constructor(options: ViewRendererOptions = {}) {
    this.root = options.root ?? projectRoot();
    this.reload = options.reload ?? false;
    this.helpers = viewHelpers(options.assets ?? Assets.load(this.root), loadIcons(this.root));
    this.views = this.read();
  }

  /** A whole page in the layout that its template names. */
  render(page: string, model: object, frame: FrameModel): string {
    if (isFragment(page)) throw new Error(`${page} is a fragment and has no layout.`);
    return this.fill(page, model, frame);
  }

  /** A fragment on its own, for a swap. */
  renderFragment(fragment: string, model: object, frame: FrameModel): string {
    if (!isFragment(fragment)) throw new Error(`${fragment} is a page and cannot be swapped in.`);
    return this.fill(fragment, model, frame);
  }

  private fill(name: string, model: object, frame: FrameModel): string {
    if (this.reload) this.views = this.read();
    const template = this.views.partials[name] as Handlebars.TemplateDelegate | undefined;
    if (template === undefined) throw new Error(`There is no template called ${name}.`);
    return template(model, { data: { frame } });
  }

  private read(): typeof Handlebars {
    const views = Handlebars.create();
    views.registerHelper(this.helpers);
    const compilerOptions = {
      strict: true,
      // Indenting a partial like its call would change what stands in <textarea> and <pre>.
      preventIndent: true,
      knownHelpersOnly: true,
      knownHelpers: Object.fromEntries(Object.keys(this.helpers).map((name) => [name, true])),
    };
    for (const { name, source } of templateFiles(join(this.root, 'views'))) {
      try {
        // compile() waits for the first rendering; precompiling finds unknown helpers now.
        const tree = views.parse(source);
        views.precompile(tree, compilerOptions);
        views.registerPartial(name, views.compile(tree, compilerOptions));
      } catch (cause) {
        throw new Error(`The template ${name} does not compile: ${String(cause)}`, { cause });
      }
    }
    return views;
  }
}

const isFragment = (name: string) => name.includes('/_') || name.startsWith('partials/');

/** Every template under a folder, by the name that pages and partials use. */
export function templateFiles(folder: string): readonly { name: string; source: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.hbs'))
    .sort()
    .map((file) => ({
      name: file.slice(0, -'.hbs'.length).split(sep).join('/'),
      source: readFileSync(join(folder, file), 'utf8'),
    }));
}
