import Handlebars from 'handlebars';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Assets } from '../../src/platform/http/assets.js';
import { loadIcons } from '../../src/platform/http/icons.js';
import { viewHelpers } from '../../src/platform/http/view-helpers.js';
import { templateFiles, ViewRenderer } from '../../src/platform/http/view-renderer.js';
import { makeFrame } from '../factories/views/frame.js';
import type { Sample } from '../factories/views/sample.js';
import { SAMPLES } from '../factories/views/samples.js';
import { makeWorkbench } from '../factories/views/workbench.js';
import { nodesOf, TemplateWalk } from './template-walk.js';

const ROOT = join(import.meta.dirname, '..', '..');
const FILES = templateFiles(join(ROOT, 'views'));
const TREES = new Map(FILES.map(({ name, source }) => [name, Handlebars.parse(source)]));
const NAMES = ['app.css', 'app.js', 'brand.svg', 'sql-editor.js', 'result-grid.js', 'early.js'];
const ASSETS = new Assets(Object.fromEntries(NAMES.map((name) => [name, name])));
const views = new ViewRenderer({ root: ROOT, assets: ASSETS });

/** What a swap gets for each page that has one, as the controllers say. */
const FRAGMENTS: Readonly<Record<string, string>> = {
  'databases/index': 'databases/_list',
  'databases/row': 'databases/_row',
  'databases/new': 'databases/_form',
  'databases/credentials': 'databases/_credentials',
  'databases/show': 'databases/_show',
  'search/index': 'search/_hits',
  'workbench/tree': 'workbench/_tree',
  'workbench/definition': 'workbench/_definition',
  'connections/check': 'connections/_check',
  'workbench/history': 'workbench/_history',
  'workbench/result': 'workbench/_result',
  'workbench/cell': 'workbench/_cell',
  'workbench/export': 'workbench/_export',
  'workbench/plan': 'workbench/_plan',
  'requests/index': 'requests/_list',
  'requests/new': 'requests/_form',
  'requests/show': 'requests/_show',
  'audit/index': 'audit/_entries',
  'auth/sign-in': 'auth/_sign-in',
  'auth/register': 'auth/_register',
  'auth/forgot': 'auth/_forgot',
  'auth/reset': 'auth/_reset',
  'account/sessions': 'account/_sessions',
  'account/api-keys': 'account/_api-keys',
  'account/name': 'account/_name',
  'account/password': 'account/_password',
  'account/confirm': 'account/_confirm',
  'account/api-key': 'account/_api-key',
  'problem/index': 'partials/problem',
};

const titleOf = ({ template, variant }: Sample) => `${template} (${variant})`;
const linesOf = (source: string) => source.trimEnd().split('\n').length;

describe('Templates', () => {
  it('name nothing that their view models do not have, in any branch', () => {
    const walk = new TemplateWalk(TREES);
    for (const { template, model, frame } of SAMPLES) walk.page(template, model, frame);
    expect([...walk.problems]).toEqual([]);
    expect(walk.neverFilled).toEqual([]);
    expect([...walk.visited].sort()).toEqual(FILES.map(({ name }) => name));
  });

  it('are caught naming a field that is in no view model, also inside a condition that is false', () => {
    const source = '{{#if shown}}{{#each rows}}{{nmae}}{{/each}}{{/if}}';
    const walk = new TemplateWalk(new Map([['things/index', Handlebars.parse(source)]]));
    walk.page('things/index', { shown: false, rows: [{ name: 'x' }] }, makeFrame());
    expect([...walk.problems]).toEqual(['things/index:1 has {{nmae}}']);
  });

  it.each(SAMPLES.map((sample) => [titleOf(sample), sample] as const))('%s is a whole page', (_, sample) => {
    const html = views.render(sample.template, sample.model, sample.frame);
    expect(html).toMatch(/^<!doctype html>[^]*<main [^]*<\/main>[^]*<\/html>\s*$/);
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  const swaps = SAMPLES.filter(({ template }) => FRAGMENTS[template] !== undefined);
  it.each(swaps.map((sample) => [titleOf(sample), sample] as const))('%s has the fragment', (_, sample) => {
    const html = views.renderFragment(FRAGMENTS[sample.template] ?? '', sample.model, sample.frame);
    expect(views.render(sample.template, sample.model, sample.frame)).toContain(html.trim());
  });

  it('have one root element with an id where they can be swapped', () => {
    const fragments = FILES.filter(({ name }) => /(?<!^layouts)\/_/.test(name));
    const without = fragments.filter(({ source }) => !/^<\w+[^>]*? id="/.test(source));
    expect(fragments.length).toBeGreaterThan(10);
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it('escape everything', () => {
    const raw = FILES.filter(({ name, source }) => {
      const unescaped = nodesOf(Handlebars.parse(source)).some(
        (node) => 'escaped' in node && node.escaped === false,
      );
      return !name.startsWith('layouts/') && unescaped;
    });
    expect(raw.map(({ name }) => name)).toEqual([]);
  });

  it('show what people typed as text', () => {
    const evil = '"><script>alert(1)</script>';
    const html = views.render('workbench/index', makeWorkbench({ sql: evil }), makeFrame());
    expect(html).not.toContain(evil);
    expect(html).toContain('&quot;&gt;&lt;script&gt;');
  });

  it('carry no style, script or handler that the content security policy refuses', () => {
    const refused = /\sstyle=|\son\w+=|hx-on|["']js:|javascript:|<style|<script(?![^>]* src=)/;
    expect(FILES.filter(({ source }) => refused.test(source)).map(({ name }) => name)).toEqual([]);
  });

  it('stay small', () => {
    const long = FILES.filter(({ source }) => linesOf(source) > 120);
    expect(long.map(({ name }) => name)).toEqual([]);
    expect(Object.keys(viewHelpers(ASSETS, new Map())).length).toBeLessThanOrEqual(12);
  });
});

describe('Icons', () => {
  const inTemplates = FILES.flatMap(({ source }) => [...source.matchAll(/\{\{icon "([^"]+)"\}\}/g)]);
  const inNavigation = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.module.ts'))
    .map((file) => readFileSync(join(ROOT, 'src', file), 'utf8'))
    .flatMap((source) => [...source.matchAll(/\bicon: '([^']+)'/g)]);

  it('are exactly those that pages and navigation use', () => {
    const used = new Set([...inTemplates, ...inNavigation].map(([, name]) => name));
    expect([...used].sort()).toEqual([...loadIcons(ROOT).keys()].sort());
  });
});

describe('Browser scripts', () => {
  it('have at most 150 lines a file', () => {
    const folder = join(ROOT, 'src/client');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
    );
    const long = files.filter((file) => linesOf(readFileSync(join(folder, file), 'utf8')) > 150);
    expect(files).toContain('app.ts');
    expect(long).toEqual([]);
  });
});
