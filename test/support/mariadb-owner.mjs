// Owns a MariaDB in a process of its own: the folder and the server's options are the arguments, the URL is printed.
import { endMariadb, startMariadb } from './mariadb-server.mjs';

const [folder, ...options] = process.argv.slice(2);
const { url } = await startMariadb(folder, options);
process.stdout.write(`${url}\n`);
process.on('SIGTERM', () => void endMariadb(folder).then(() => process.exit(0)));
setInterval(() => undefined, 60_000);
