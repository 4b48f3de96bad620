import { ownPath } from './own-path.js';

it.each(['/', '/databases', '/workbench?databaseId=1&x=%2F', '/a/b'])('%s is a path of ours', (path) => {
  expect(ownPath(path)).toBe(path);
});

it.each([
  '//evil.example',
  '/\\evil.example',
  'https:evil.example',
  'https://evil.example',
  'javascript:alert(1)',
  '/\t/evil.example',
  '/ /x',
  '',
  'databases',
])('%j leads nowhere else', (path) => {
  expect(ownPath(path)).toBe('/');
});

it('nothing given is the overview', () => {
  expect(ownPath(undefined)).toBe('/');
});
