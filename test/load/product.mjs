import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from './http-client.mjs';

const EMAIL = 'bench@example.com';
const PASSWORD = 'Bench-pass-1';

/** Starts the compiled product on a data folder of its own, signed in as its administrator. */
export async function startProduct() {
  const folder = mkdtempSync(join(tmpdir(), 'clouddb-bench-'));
  chmodSync(folder, 0o711); // as root, PostgreSQL's user must get to its data, or they go elsewhere and stay there
  const env = { ...process.env, DATA_DIR: folder, PORT: '0', ADMIN_EMAIL: EMAIL, ADMIN_PASSWORD: PASSWORD };
  const child = spawn(process.execPath, ['dist/src/main.js'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const address = await readyAddress(child);
  const client = new Client(4);
  const api = `${address}/api/v1`;
  const { token } = JSON.parse(await client.post(`${api}/auth/login`, { email: EMAIL, password: PASSWORD }));
  const headers = { authorization: `Bearer ${token}` };
  return {
    api,
    headers,
    post: async (path, body) => JSON.parse(await client.post(`${api}${path}`, body, headers)),
    residentMb: () => residentMb(child.pid),
    stop: async () => {
      client.close();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function readyAddress(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
      const match = /ready at (\S+)/.exec(said);
      if (match) resolve(match[1]);
    });
    child.once('exit', (code) =>
      reject(new Error(`The product ended with ${code} before it was ready.\n${said}`)),
    );
  });
}

function residentMb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)[1]) / 1024;
}
