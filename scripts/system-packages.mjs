import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, step } from './run.mjs';

/**
 * What the tests use from outside: a real browser, clients that are not ours, and MariaDB. Of MariaDB only the programs
 * are installed, so that no service of the system is made or started.
 */
const NEEDED = [
  { programs: ['chromium', 'chromium-browser', 'google-chrome'], debian: 'chromium' },
  { programs: ['psql'], debian: 'postgresql-client' },
  { programs: ['mariadbd'], debian: 'mariadb-server-core' },
  { programs: ['mariadb'], debian: 'mariadb-client-core' },
];
const APT = ['-o', 'DPkg::Lock::Timeout=300'];

/** Installs what is missing where that is possible, and says what is missing where it is not. */
export async function ensureSystemPackages() {
  const missing = NEEDED.filter(({ programs }) => !programs.some(isInstalled)).map(({ debian }) => debian);
  if (missing.length === 0) return;
  const names = missing.join(', ');
  if (process.getuid?.() !== 0 || !isInstalled('apt-get')) {
    warn(`${names}. Install what your system calls so: here only you can do it.`);
    return;
  }
  const { code, output } = await step(`Installing ${names} with apt-get`, () => install(missing));
  if (code !== 0) warn(`apt-get could not install ${names}:\n${output.trim()}`);
}

async function install(packages) {
  const options = { quiet: true, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const update = await run('apt-get', [...APT, 'update'], options);
  if (update.code !== 0) return update;
  return run('apt-get', [...APT, 'install', '-y', '--no-install-recommends', ...packages], options);
}

function warn(message) {
  console.log(`\nMISSING: ${message}\nTests that need it will fail.\n`);
}

function isInstalled(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return folders.some((folder) => existsSync(join(folder, program)));
}
