import { Inject, Injectable } from '@nestjs/common';
import { isIP, type LookupFunction } from 'node:net';
import { CONFIG, type Config } from '../config/config.js';
import { AppError } from '../errors/app-error.js';
import { parseHost } from './host.js';
import { isAllowed, Networks, type Destination } from './networks.js';
import { OwnEndpoints, type Endpoint } from './own-endpoints.js';
import { Resolver } from './resolver.js';

export type { Destination, Endpoint };

/** Where a connection may go: connect to `address`, and verify TLS against `host`. */
export interface Pinned {
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

/** Names that only ever lead to the metadata of a cloud. */
const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
]);

/**
 * The gate that every outgoing connection passes. A host is understood by grammar, resolved once, and every address
 * behind it is checked; the connection then goes to the address that was checked, whatever the name says next.
 */
@Injectable()
export class Egress {
  private readonly opened: Networks;
  private readonly own = new OwnEndpoints();

  constructor(
    @Inject(CONFIG) config: Pick<Config, 'egress' | 'management'>,
    private readonly resolver: Resolver,
  ) {
    this.opened = new Networks(config.egress.allow);
    this.protect(() => endpointsOf(config.management));
  }

  /** Names servers of the product's own, which no tenant reaches. */
  protect(source: () => readonly Endpoint[] | Promise<readonly Endpoint[]>): void {
    this.own.add(source);
  }

  /** Throws `host_invalid`, `port_invalid`, `name_not_found` or `address_not_allowed`, none of which names an address. */
  async pin(destination: Destination, host: string, port: number): Promise<Pinned> {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw refusal('port_invalid', 'A port is a number from 1 to 65535.', 'port');
    }
    const addresses = await this.addressesOf(host);
    if (!addresses.every((address) => isAllowed(address, destination, this.opened))) throw notAllowed();
    const isOwn =
      destination === 'tenant' && (await this.own.include(addresses, port, async (name) => this.known(name)));
    if (isOwn) throw notAllowed();
    const [address] = addresses;
    if (address === undefined) throw nameNotFound(host);
    return { host, address, port };
  }

  /** For clients that resolve by themselves, of the operator's own destinations: each connection is checked. */
  get lookup(): LookupFunction {
    return (hostname, options, callback) => {
      this.pin('platform', hostname, 443).then(
        ({ address }) => {
          if (options.all === true) callback(null, [{ address, family: isIP(address) }]);
          else callback(null, address, isIP(address));
        },
        (error: unknown) => {
          callback(error instanceof Error ? error : new Error(String(error)), '');
        },
      );
    };
  }

  private async addressesOf(text: string): Promise<readonly string[]> {
    const host = parseHost(text);
    if (host === undefined) {
      throw refusal(
        'host_invalid',
        'This is no host: give a name (db.example.com) or an address in its usual spelling, without port or path.',
      );
    }
    if ('address' in host) return [host.address];
    if (METADATA_NAMES.has(host.name)) throw notAllowed();
    const addresses = await this.resolver.resolve(host.name).catch((cause: unknown) => {
      throw nameNotFound(text, cause);
    });
    if (addresses.length === 0) throw nameNotFound(text);
    return addresses;
  }

  private async known(host: string): Promise<readonly string[]> {
    return isIP(host) === 0 ? this.resolver.resolve(host).catch(() => []) : [host];
  }
}

function endpointsOf({ url, migrationUrl }: Config['management']): Endpoint[] {
  return [url, migrationUrl].map((text) => {
    const { hostname, port } = new URL(text);
    return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 5432 : Number(port) };
  });
}

function refusal(code: string, text: string, field = 'host', cause?: unknown): AppError {
  return new AppError('invalid', code, text, {
    fields: { [field]: text },
    ...(cause !== undefined && { cause }),
  });
}

function notAllowed(): AppError {
  return refusal(
    'address_not_allowed',
    'Connections to this address are not allowed. An administrator of the installation can open private networks.',
  );
}

function nameNotFound(host: string, cause?: unknown): AppError {
  return refusal('name_not_found', `The name ${host} cannot be resolved.`, 'host', cause);
}
