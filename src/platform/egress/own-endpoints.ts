import { networkInterfaces } from 'node:os';
import { isLoopbackAddress } from './networks.js';

/** A server that people must not reach through the product. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

type Source = () => readonly Endpoint[] | Promise<readonly Endpoint[]>;
/** Every address behind a host; none when it has none at present. */
type AddressesOf = (host: string) => Promise<readonly string[]>;

const EVERYWHERE: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** The product's own servers: its database, the sandbox servers' admin side, its own port. */
export class OwnEndpoints {
  private readonly sources: Source[] = [];

  add(source: Source): void {
    this.sources.push(source);
  }

  /** Is one of these addresses, with the port, one of the product's own servers, by whatever name? */
  async include(addresses: readonly string[], port: number, addressesOf: AddressesOf): Promise<boolean> {
    const lists = await Promise.all(this.sources.map(async (source) => source()));
    const hosts = new Set(
      lists.flatMap((list) => list.filter((own) => own.port === port).map(({ host }) => host)),
    );
    if (hosts.size === 0) return false;
    const own = new Set((await Promise.all([...hosts].map(addressesOf))).flat());
    if (addresses.some((address) => own.has(address))) return true;
    // What listens on one address of this machine may well listen on all of them.
    const here = localAddresses();
    const isHere = (address: string): boolean =>
      isLoopbackAddress(address) || EVERYWHERE.has(address) || here.has(address);
    return [...own].some(isHere) && addresses.some(isHere);
  }
}

function localAddresses(): Set<string> {
  return new Set(
    Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address)),
  );
}
