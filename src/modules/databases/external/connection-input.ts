import { X509Certificate } from 'node:crypto';
import type { EngineKind } from '../../../engines/engine.js';
import { AppError } from '../../../platform/errors/app-error.js';
import { parseUri, UriError, type ParsedUri } from './connection-uri.js';
import type { Login, OpenConnection } from './external.types.js';

/** What somebody sent, as `connections.dto.ts` lets it through. */
export interface PlaceFields {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly database?: string | undefined;
  readonly read?: LoginFields | undefined;
  readonly write?: LoginFields | null | undefined;
  readonly uri?: string | undefined;
  readonly writeUri?: string | undefined;
  readonly tls?: 'off' | 'on' | 'verify' | undefined;
  readonly ca?: string | undefined;
}

interface LoginFields {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

export const DEFAULT_PORTS: Readonly<Record<EngineKind, number>> = {
  postgres: 5432,
  mysql: 3306,
  mongodb: 27_017,
  sqlite: 0,
};

/** A path inside a folder, downwards only. */
const FILE = /^[\w-][\w .-]*(?:\/[\w-][\w .-]*)*$/;

/** Gathers what is wrong by field and throws it all at once. */
class Problems {
  private readonly fields: Record<string, string> = {};
  private code = 'validation_failed';

  add(field: string, text: string, code = this.code): void {
    this.fields[field] ??= text;
    this.code = code;
  }

  throwIfAny(): void {
    if (Object.keys(this.fields).length === 0) return;
    const text =
      this.code === 'password_needed'
        ? 'Stored passwords go only to the server they were stored for: give them again.'
        : 'Some of the input cannot be accepted.';
    throw new AppError('invalid', this.code, text, { fields: this.fields });
  }
}

/**
 * A whole connection from what was sent; what was left out comes from `current`. A password is kept only while server,
 * port, TLS and user name stay what they were: it is never sent anywhere else.
 */
export function connectionFrom(
  engine: EngineKind,
  fields: PlaceFields,
  current: OpenConnection | null,
): OpenConnection {
  const problems = new Problems();
  const connection =
    engine === 'sqlite' ? fileFrom(fields, current, problems) : serverFrom(engine, fields, current, problems);
  problems.throwIfAny();
  return connection;
}

function fileFrom(
  { database, write }: PlaceFields,
  current: OpenConnection | null,
  problems: Problems,
): OpenConnection {
  const path = filled(database) ?? current?.database ?? '';
  if (!FILE.test(path)) problems.add('database', 'is the path of a file in the folder for SQLite databases');
  const nobody = { username: '', password: '' };
  const before = current?.write ?? null;
  const writable = write === undefined ? before !== null : !isUnticked(write);
  const place = { host: '', port: 0, tlsMode: 'off', tlsCa: null, options: {} } as const;
  return { ...place, engine: 'sqlite', database: path, read: nobody, write: writable ? nobody : null };
}

/** What a form sends for a file that is only read: its box says nothing, but the field beside it does. */
function isUnticked(write: LoginFields | null): boolean {
  return write === null || (filled(write.username) === undefined && write.password === '');
}

function serverFrom(
  engine: EngineKind,
  fields: PlaceFields,
  current: OpenConnection | null,
  problems: Problems,
): OpenConnection {
  const given = givenBy(engine, fields, problems);
  const before = current === null ? emptyPlace(engine) : placeOf(current);
  const place = { ...before, ...given.place };
  checkPlace(place, given.writePlace, problems);
  const stays = KEPT.every((key) => place[key] === before[key]);
  const login = (stored: Login | null, name: 'read' | 'write'): Login =>
    loginFrom(name, given[name] ?? {}, { before: stored, stays, engine }, problems);
  const write = current?.write ?? null;
  const wantsWrite = given.write === undefined ? write !== null : !isCleared(given.write);
  return {
    ...place,
    engine,
    read: login(current?.read ?? null, 'read'),
    write: wantsWrite ? login(write, 'write') : null,
  };
}

/** What a stored password was given for. */
const KEPT = ['host', 'port', 'tlsMode', 'tlsCa'] as const;

type Place = Omit<OpenConnection, 'engine' | 'read' | 'write'>;

interface Given {
  readonly place: Partial<Place>;
  readonly read: LoginFields | undefined;
  readonly write: LoginFields | null | undefined;
  /** What the connection string for writing says of the place. */
  readonly writePlace: Pick<Place, 'host' | 'port' | 'database'> | null;
}

/** What was sent, with connection strings taken apart; only what was filled in. */
function givenBy(engine: EngineKind, fields: PlaceFields, problems: Problems): Given {
  const uri = uriFrom(engine, 'uri', fields.uri, problems);
  const writeUri = uriFrom(engine, 'writeUri', fields.writeUri, problems);
  const { host, port, database, tls, ca } = fields;
  const byFields = present({
    host: filled(host),
    port,
    database: filled(database),
    tlsMode: filled(tls),
    tlsCa: ca === undefined ? undefined : (filled(ca.trim()) ?? null),
  });
  const byUri =
    uri === null ? {} : { ...placeIn(uri, engine), options: uri.options, ...present({ tlsMode: uri.tls }) };
  return {
    // The mode of TLS is a field of its own and counts before what the string says.
    place: { ...byFields, ...byUri, ...present({ tlsMode: filled(tls) }) },
    read: uri ?? fields.read,
    write: writeUri ?? fields.write,
    writePlace: writeUri === null ? null : placeIn(writeUri, engine),
  };
}

function emptyPlace(engine: EngineKind): Place {
  return { host: '', port: DEFAULT_PORTS[engine], database: '', tlsMode: 'verify', tlsCa: null, options: {} };
}

function placeOf({ host, port, database, tlsMode, tlsCa, options }: OpenConnection): Place {
  return { host, port, database, tlsMode, tlsCa, options };
}

function placeIn(uri: ParsedUri, engine: EngineKind): Pick<Place, 'host' | 'port' | 'database'> {
  return { host: uri.host, port: uri.port ?? DEFAULT_PORTS[engine], database: uri.database };
}

function samePlace(
  one: Pick<Place, 'host' | 'port' | 'database'>,
  other: Pick<Place, 'host' | 'port' | 'database'>,
): boolean {
  return one.host === other.host && one.port === other.port && one.database === other.database;
}

function checkPlace(place: Place, writePlace: Given['writePlace'], problems: Problems): void {
  if (place.host === '') problems.add('host', 'is needed');
  if (place.database === '') problems.add('database', 'is needed');
  if (place.tlsCa !== null && !isCertificate(place.tlsCa)) problems.add('ca', 'is a certificate in PEM');
  if (writePlace !== null && !samePlace(writePlace, place)) {
    problems.add('writeUri', 'names another server or database than the one for reading');
  }
}

interface StoredLogin {
  readonly before: Login | null;
  /** The server is still the one that the stored password was given for. */
  readonly stays: boolean;
  readonly engine: EngineKind;
}

function loginFrom(
  name: 'read' | 'write',
  given: LoginFields,
  stored: StoredLogin,
  problems: Problems,
): Login {
  const { before, engine } = stored;
  const username = filled(given.username) ?? before?.username ?? '';
  const password = filled(given.password) ?? keptPassword(username, stored);
  // Servers of MongoDB may let everybody in.
  if (username === '' && engine !== 'mongodb') problems.add(`${name}.username`, 'is needed');
  if (username !== '' && password === undefined) askPassword(`${name}.password`, before, problems);
  return { username, password: password ?? '' };
}

function askPassword(field: string, before: Login | null, problems: Problems): void {
  if (before === null) problems.add(field, 'is needed');
  else problems.add(field, NEEDED_AGAIN, 'password_needed');
}

function keptPassword(username: string, { before, stays }: StoredLogin): string | undefined {
  return stays && before?.username === username ? before.password : undefined;
}

const NEEDED_AGAIN = 'is needed again, because the server, its TLS or the user changed';

/** A form sends both fields empty for a login that is not there. */
function isCleared(login: LoginFields | null): boolean {
  return login === null || login.username === '';
}

function uriFrom(
  engine: EngineKind,
  field: string,
  text: string | undefined,
  problems: Problems,
): ParsedUri | null {
  const uri = filled(text);
  if (uri === undefined) return null;
  try {
    return parseUri(engine, uri);
  } catch (error) {
    if (!(error instanceof UriError)) throw error;
    problems.add(field, error.message, 'uri_invalid');
    return null;
  }
}

function isCertificate(pem: string): boolean {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    for (const block of blocks) new X509Certificate(block);
  } catch {
    return false;
  }
  return blocks.length > 0;
}

function filled<T extends string>(text: T | undefined): T | undefined {
  return text === '' ? undefined : text;
}

/** Without the members that nobody gave. */
function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
