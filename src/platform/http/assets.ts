import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from './project-root.js';

export const ASSETS_PREFIX = '/assets/';

const buildFolder = (root: string) => join(root, 'public', 'build');
const manifestSchema = z.record(z.string(), z.string());

/** Addresses of the built scripts and styles. File names carry a hash of their content, so they never go stale. */
export class Assets {
  constructor(private readonly files: Readonly<Record<string, string>>) {}

  /** Reads the manifest that scripts/assets.mjs wrote. */
  static load(root: string = projectRoot()): Assets {
    const path = join(buildFolder(root), 'manifest.json');
    try {
      return new Assets(manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8'))));
    } catch (cause) {
      throw new Error('The browser files are not built: run `node scripts/assets.mjs`.', { cause });
    }
  }

  /** `app.css` → `/assets/app.1a2b3c4d.css` */
  url(name: string): string {
    const file = this.files[name];
    if (file === undefined) throw new Error(`There is no asset called ${name}.`);
    return `${ASSETS_PREFIX}${file}`;
  }
}

/** Serves public/build, and nothing else, under /assets/ with its precompressed twins, to be cached for a year. */
export async function registerAssets(app: FastifyInstance, root: string = projectRoot()): Promise<void> {
  await app.register(fastifyStatic, {
    root: buildFolder(root),
    prefix: ASSETS_PREFIX,
    preCompressed: true,
    immutable: true,
    maxAge: '365d',
    index: false,
    dotfiles: 'ignore',
    decorateReply: false,
    allowedPath: (path) => /\.[0-9a-z]{8,}\.(?:js|css|svg)$/i.test(path),
  });
}
