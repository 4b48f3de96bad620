import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, step } from './run.mjs';

/** What the tests use from outside: a real browser, and a PostgreSQL client that is not ours. */
const NEEDED = [
  { programs: ['chromium', 'chromium-browser', 'google-chrome'], debian: 'chromium' },
  { programs: ['psql'], debian: 'postgresql-client' },
];

/** Installs what is missing where that is possible, and says what is missing where it is not. */
export async function ensureSystemPackages() {
  const missing = NEEDED.filter(({ programs }) => !programs.some(isInstalled)).map(({ debian }) => debian);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !isInstalled('apt-get')) {
    console.log(
      `The tests need programs that are not installed: ${missing.join(', ')}. Those that use them will fail.`,
    );
    return;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { code, output } = await step(`Installing ${missing.join(', ')} with apt-get`, async () => {
    const update = await run('apt-get', ['update'], { quiet: true, env });
    if (update.code !== 0) return update;
    return run('apt-get', ['install', '-y', '--no-install-recommends', ...missing], { quiet: true, env });
  });
  if (code !== 0) console.log(`${output}\napt-get could not install ${missing.join(', ')}.`);
}

function isInstalled(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}
