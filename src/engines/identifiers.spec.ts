import { quoteName, quotePath } from './identifiers.js';

describe('A name in a statement', () => {
  it.each([
    ['postgres', 'orders', 'orders'],
    ['postgres', 'Orders', '"Orders"'],
    ['postgres', 'order', '"order"'],
    ['postgres', 'two words', '"two words"'],
    ['postgres', 'a"b', '"a""b"'],
    ['postgres', '1st', '"1st"'],
    ['mysql', 'Orders', 'Orders'],
    ['mysql', 'key', '`key`'],
    ['mysql', 'a`b', '`a``b`'],
    ['sqlite', 'group', '"group"'],
    ['mongodb', 'any-thing', 'any-thing'],
  ] as const)('of %s %s is written %s', (kind, name, written) => {
    expect(quoteName(kind, name)).toBe(written);
  });

  it('has its schema in front only where it is not found without', () => {
    expect(quotePath('postgres', 'public', 'orders')).toBe('orders');
    expect(quotePath('postgres', 'Audit', 'order')).toBe('"Audit"."order"');
    expect(quotePath('mysql', 'shop', 'orders')).toBe('orders');
    expect(quotePath('sqlite', 'main', 'orders')).toBe('orders');
  });
});
