import { isNetwork, Networks, touchesLoopback } from './networks.js';

it.each(['10.0.0.0/8', '0.0.0.0/0', '127.0.0.1/32', '::/0', 'fd12:3456::/32', '::1/128'])(
  '%s is a network',
  (text) => {
    expect(isNetwork(text)).toBe(true);
  },
);

it.each([
  '',
  '10.0.0.0',
  '10.0.0.0/33',
  '10.0.0/8',
  '::/129',
  'fe80::%1/64',
  '10.0.0.0/8/8',
  '10.0.0.0/-1',
  'a/8',
])('%j is none', (text) => {
  expect(isNetwork(text)).toBe(false);
});

it.each([
  '127.0.0.0/8',
  '127.0.0.1/32',
  '127.128.0.0/9',
  '0.0.0.0/0',
  '64.0.0.0/2',
  '::1/128',
  '::/0',
  '::/64',
])('%s has an address of this machine in it', (cidr) => {
  expect(touchesLoopback(cidr)).toBe(true);
});

it.each(['10.0.0.0/8', '128.0.0.0/1', '126.0.0.0/8', 'fd00::/8', '::2/127'])('%s has none', (cidr) => {
  expect(touchesLoopback(cidr)).toBe(false);
});

it('keeps IPv4 and IPv6 apart', () => {
  expect(new Networks(['10.0.0.0/8']).has('::ffff:10.0.0.1')).toBe(false);
  expect(new Networks(['::ffff:0:0/96']).has('10.0.0.1')).toBe(false);
  expect(new Networks(['10.0.0.0/8']).has('10.0.0.1')).toBe(true);
});
