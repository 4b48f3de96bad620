import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectRoot } from './project-root.js';

/** The pictures of public/icons as markup to be put inline, by file name without the extension. */
export function loadIcons(root: string = projectRoot()): ReadonlyMap<string, string> {
  const folder = join(root, 'public', 'icons');
  const files = readdirSync(folder).filter((file) => file.endsWith('.svg'));
  return new Map(
    files.map((file) => [basename(file, '.svg'), inline(readFileSync(join(folder, file), 'utf8'))]),
  );
}

// The label stands beside the icon as text, so screen readers skip the drawing.
function inline(svg: string): string {
  const shapes = svg
    .replace(/<!--.*?-->/gs, '')
    .replace(/^[^]*?<svg[^>]*>/, '')
    .replace(/<\/svg>[^]*$/, '')
    .replace(/\s+/g, ' ')
    .replace(/> </g, '><')
    .trim();
  return `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${shapes}</svg>`;
}
