import { fieldsOf } from './form-body.js';

it('reads fields, lists and levels', () => {
  expect(fieldsOf('')).toEqual({});
  expect(fieldsOf('name=a+b%26c&empty=&_method=put')).toEqual({ name: 'a b&c', empty: '', _method: 'put' });
  expect(fieldsOf('pod=1&pod=2&pod=3')).toEqual({ pod: ['1', '2', '3'] });
  expect(fieldsOf('read.username=a&read.password=b&rules.viewer.read=run')).toEqual({
    read: { username: 'a', password: 'b' },
    rules: { viewer: { read: 'run' } },
  });
});

it.each([
  '__proto__=x',
  '__proto__.polluted=x',
  'a.__proto__.polluted=x',
  'constructor.prototype.x=1',
  'a=1&a.b=2',
  'a.b=1&a=2',
  'a=1&a=2&a.b=3',
  'a.b.c.d.e=1',
  '.a=1',
  'a..b=1',
  'a[b]=1',
  Array.from({ length: 1001 }, (_, index) => `f${String(index)}=1`).join('&'),
])('refuses names that are no path', (text) => {
  expect(() => fieldsOf(text)).toThrow(/cannot be read/);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
