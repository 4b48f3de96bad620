import { BlockList, isIP } from 'node:net';

/** Who chose a destination: `platform` is the operator's configuration, `tenant` is a person. */
export type Destination = 'platform' | 'tenant';

/** An IP network: 10.0.0.0/8. */
interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** Networks of an organisation's own; open to people only where EGRESS_ALLOW says so. */
const PRIVATE = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  'fc00::/7',
];

/** Metadata of clouds, link-local, multicast, reserved, and IPv4 hidden in IPv6. No setting opens them. */
const NEVER = [
  '0.0.0.0/8',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.88.99.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/32',
  '2002::/16',
  'fd00:ec2::254/128',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/** A set of networks. IPv4 and IPv6 are kept apart: a list of Node's takes 10.0.0.1 and ::ffff:10.0.0.1 for the same. */
export class Networks {
  private readonly lists = { ipv4: new BlockList(), ipv6: new BlockList() };

  constructor(cidrs: readonly string[]) {
    for (const cidr of cidrs) {
      const { address, prefix, family } = networkOf(cidr);
      this.lists[family].addSubnet(address, prefix, family);
    }
  }

  has(address: string): boolean {
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    return this.lists[family].check(address, family);
  }
}

const loopback = new Networks(LOOPBACK);
const organisation = new Networks(PRIVATE);
const never = new Networks(NEVER);

export function isLoopbackAddress(address: string): boolean {
  return loopback.has(address);
}

/** What the operator configured may be near; what a person names is public unless it was opened. */
export function isAllowed(address: string, destination: Destination, opened: Networks): boolean {
  const near = loopback.has(address) || organisation.has(address);
  if (!loopback.has(address) && never.has(address)) return false;
  return !near || destination === 'platform' || opened.has(address);
}

/** Is it a network as the setting takes it? */
export function isNetwork(text: string): boolean {
  return parse(text) !== undefined;
}

/** Does the network have an address of this machine's own in it? */
export function touchesLoopback(cidr: string): boolean {
  const network = networkOf(cidr);
  return LOOPBACK.map(networkOf).some(
    (own) => own.family === network.family && (contains(own, network) || contains(network, own)),
  );
}

function contains(outer: Network, inner: Network): boolean {
  const list = new BlockList();
  list.addSubnet(outer.address, outer.prefix, outer.family);
  return outer.prefix <= inner.prefix && list.check(inner.address, inner.family);
}

function networkOf(cidr: string): Network {
  const network = parse(cidr);
  if (network === undefined) throw new Error(`${cidr} is no network.`);
  return network;
}

function parse(text: string): Network | undefined {
  const [, address = '', digits = ''] = /^([0-9a-f:.]+)\/(\d{1,3})$/i.exec(text) ?? [];
  const version = isIP(address);
  const prefix = Number(digits);
  if (version === 0 || prefix > (version === 4 ? 32 : 128)) return undefined;
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}
