import type { EngineKind, Target } from '../../../engines/engine.js';

/** What a connection string says, in the fields of the form. */
export interface ParsedUri {
  readonly host: string;
  readonly port: number | null;
  readonly database: string;
  readonly username: string;
  readonly password: string;
  /** Absent when the string says nothing of it. */
  readonly tls?: Target['tls']['mode'];
  readonly options: Readonly<Record<string, string>>;
}

/** Why a connection string is not taken; the sentence never repeats any part of it. */
export class UriError extends Error {}

const SCHEMES: Readonly<Record<EngineKind, readonly string[]>> = {
  postgres: ['postgres', 'postgresql'],
  mysql: ['mysql', 'mariadb'],
  mongodb: ['mongodb'],
  sqlite: [],
};

/** Settings of a string that are taken; the rest is refused, because drivers read files and open sockets by some. */
type TlsMode = Target['tls']['mode'];
const TLS_OPTIONS: Readonly<
  Record<EngineKind, ReadonlyMap<string, Readonly<Partial<Record<string, TlsMode>>>>>
> = {
  postgres: new Map([
    ['sslmode', { disable: 'off', require: 'on', 'verify-ca': 'verify', 'verify-full': 'verify' }],
  ]),
  mysql: new Map([
    ['ssl-mode', { disabled: 'off', required: 'on', verify_ca: 'verify', verify_identity: 'verify' }],
  ]),
  mongodb: new Map([
    ['tls', { false: 'off', true: 'verify' }],
    ['ssl', { false: 'off', true: 'verify' }],
  ]),
  sqlite: new Map(),
};

const DRIVER_OPTIONS: Readonly<Record<EngineKind, ReadonlyMap<string, RegExp>>> = {
  postgres: new Map(),
  mysql: new Map(),
  mongodb: new Map([
    ['authSource', /^[\w$.-]{1,64}$/],
    ['authMechanism', /^(?:SCRAM-SHA-1|SCRAM-SHA-256)$/],
    ['replicaSet', /^[\w.-]{1,128}$/],
  ]),
  sqlite: new Map(),
};

const PATTERN =
  /^([a-z][a-z0-9+.-]*):\/\/(?:([^:@/?#[\]]*)(?::([^@/?#]*))?@)?(\[[^\]/?#@]*\]|[^:/?#@[\],]*)(?::(\d{1,5}))?(?:\/([^?#]*))?(?:\?([^#]*))?$/i;

/** Reads a connection string by ourselves, strictly: no driver ever sees one. */
export function parseUri(engine: EngineKind, text: string): ParsedUri {
  const found = PATTERN.exec(text);
  if (found === null) throw new UriError(malformed(engine, text));
  const [, scheme = '', username = '', password = '', host = '', port, path = '', query = ''] = found;
  if (!SCHEMES[engine].includes(scheme.toLowerCase())) throw new UriError(wrongScheme(engine, scheme));
  const options = optionsOf(engine, query);
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? null : Number(port),
    database: decoded(path),
    username: decoded(username),
    password: decoded(password),
    ...options,
  };
}

function optionsOf(engine: EngineKind, query: string): Pick<ParsedUri, 'tls' | 'options'> {
  const options: Record<string, string> = {};
  const modes: TlsMode[] = [];
  for (const pair of query === '' ? [] : query.split('&')) {
    const [name = '', value = ''] = pair.split('=', 2).map(decoded);
    const known = TLS_OPTIONS[engine].get(name);
    if (known !== undefined) modes.push(modeOf(known, value.toLowerCase()) ?? refuseMode(name));
    else if (DRIVER_OPTIONS[engine].get(name)?.test(value) === true) options[name] = value;
    else throw new UriError(`The option ${shown(name)} of the connection string is not taken.`);
  }
  const tls = modes.at(-1);
  return { options, ...(tls !== undefined && { tls }) };
}

function modeOf(known: Readonly<Partial<Record<string, TlsMode>>>, value: string): TlsMode | undefined {
  return Object.hasOwn(known, value) ? known[value] : undefined;
}

function refuseMode(name: string): never {
  throw new UriError(`The option ${name} may not leave it to chance whether the connection is encrypted.`);
}

function malformed(engine: EngineKind, text: string): string {
  if (/^[a-z+]+:\/\/[^/?#]*,/i.test(text)) return 'Only one host is taken: give one of them.';
  const example = `${SCHEMES[engine][0] ?? engine}://user:password@host/database`;
  return `This is no connection string like ${example}. Characters such as @ : / ? # in a password are written as %40 %3A %2F %3F %23.`;
}

function wrongScheme(engine: EngineKind, scheme: string): string {
  const [first] = SCHEMES[engine];
  if (first === undefined) return 'This engine has no connection strings: give the path of the file.';
  if (scheme.toLowerCase() === 'mongodb+srv') {
    return 'mongodb+srv:// looks its servers up elsewhere: give one of them with mongodb://.';
  }
  return `The connection string begins with ${first}://.`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new UriError('The connection string has a % that is not followed by two hexadecimal digits.', {
      cause,
    });
  }
}

function shown(name: string): string {
  return name.replace(/[^\w-]/g, '').slice(0, 40);
}
