import type { SandboxEngine } from './databases.types.js';
import type { ConnectionString, ConnectionView } from './databases.view.js';

type Place = Omit<ConnectionView, 'password'>;

/** A password as URLs and shells take it. */
interface Secret {
  readonly inUrl: string;
  readonly inShell: string;
}

/** Texts for common programs. Without a password they carry a placeholder that is visibly none. */
export function connectionStrings(
  engine: SandboxEngine,
  place: Place,
  password: string | null = null,
): readonly ConnectionString[] {
  const secret: Secret = {
    inUrl: password === null ? '<password>' : encodeURIComponent(password),
    inShell: `'${(password ?? '<password>').replaceAll("'", `'\\''`)}'`,
  };
  return STRINGS[engine](place, secret);
}

const STRINGS: Readonly<
  Record<SandboxEngine, (place: Place, secret: Secret) => readonly ConnectionString[]>
> = {
  postgres: ({ host, port, database, username }, { inUrl, inShell }) => [
    {
      id: 'uri',
      label: 'URI',
      text: `postgresql://${username}:${inUrl}@${host}:${String(port)}/${database}`,
    },
    {
      id: 'psql',
      label: 'psql',
      text: `PGPASSWORD=${inShell} psql -h ${host} -p ${String(port)} -U ${username} -d ${database}`,
    },
    {
      id: 'jdbc',
      label: 'JDBC',
      text: `jdbc:postgresql://${host}:${String(port)}/${database}?user=${username}&password=${inUrl}`,
    },
    {
      id: 'env',
      label: 'env',
      text: `PGHOST=${host}\nPGPORT=${String(port)}\nPGDATABASE=${database}\nPGUSER=${username}\nPGPASSWORD=${inShell}`,
    },
  ],
  mysql: ({ host, port, database, username }, { inUrl, inShell }) => [
    { id: 'uri', label: 'URI', text: `mysql://${username}:${inUrl}@${host}:${String(port)}/${database}` },
    {
      id: 'mysql',
      label: 'mysql',
      text: `MYSQL_PWD=${inShell} mysql -h ${host} -P ${String(port)} -u ${username} ${database}`,
    },
    {
      id: 'jdbc',
      label: 'JDBC',
      text: `jdbc:mysql://${host}:${String(port)}/${database}?user=${username}&password=${inUrl}`,
    },
    {
      id: 'env',
      label: 'env',
      text: `MYSQL_HOST=${host}\nMYSQL_TCP_PORT=${String(port)}\nMYSQL_DATABASE=${database}\nMYSQL_USER=${username}\nMYSQL_PWD=${inShell}`,
    },
  ],
};
