// Owns a management cluster in a process of its own, which tests can kill. It is bundled when it must run elsewhere.
import { startEmbeddedServers } from '../../dist/src/platform/persistence/embedded/embedded-servers.js';

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

try {
  const servers = await startEmbeddedServers({
    dataDir: process.argv[2],
    clusters: ['management'],
    log: (log) => say({ log }),
  });
  say({ url: servers.url('management', 'postgres') });
  process.on('SIGTERM', () => void servers.stop().then(() => process.exit(0)));
} catch (error) {
  say({ error: `${error.name}: ${error.message}` });
  process.exit(1);
}
setInterval(() => undefined, 60_000);
