import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentSchema } from '../../src/platform/config/config.schema.js';

const root = join(import.meta.dirname, '..', '..');
const keys = Object.keys(environmentSchema.shape).sort();

it('.env.example names every setting and nothing more', () => {
  const example = readFileSync(join(root, '.env.example'), 'utf8');
  const named = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name).sort();
  expect(named).toEqual(keys);
});

it('the README names every setting', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  expect(keys.filter((key) => !readme.includes(`\`${key}\``))).toEqual([]);
});
