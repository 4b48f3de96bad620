import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => /\.(?:ts|mjs|cjs|hbs|css|md|json|yaml|yml)$/.test(file) && file !== 'package-lock.json');
const self = 'test/architecture/words.test.ts';

/** What must not stand in any file, and why. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/\b(?:TODO|FIXME|XXX|HACK)\b/, 'unfinished work belongs in an issue'],
  [/^\s*(?:it|describe|test)\.(?:only|skip|todo)\b/m, 'a test runs or is not there'],
  [/(?:^|[\s"'`(=])\/(?:work|root|home)\//, 'no path of a machine'],
  [/@ts-(?:ignore|nocheck)/, 'types are not switched off'],
  [/\bconsole\.log\(/, 'the product has a logger'],
];

it.each(FORBIDDEN)('no file contains %s: %s', (pattern) => {
  const quiet = pattern.source.includes('console');
  const concerned = files.filter((file) => file !== self && (!quiet || file.startsWith('src/')));
  expect(concerned.filter((file) => pattern.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
});

it('no file or folder has a name that says nothing', () => {
  const named = files.filter((file) =>
    /(?:^|\/)(?:utils?|helpers?|common|shared|misc|index\.ts)(?:\.|\/|$)/.test(file),
  );
  expect(named).toEqual([]);
});

it('every suppression of a rule says why', () => {
  const silent = files.filter((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .some(
        (line) =>
          line.includes('eslint-disable') && !/eslint-disable-next-line .* -- \w/.test(line) && file !== self,
      ),
  );
  expect(silent).toEqual([]);
});
