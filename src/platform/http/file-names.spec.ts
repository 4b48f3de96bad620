import { attachment, safeFileName } from './file-names.js';

it.each([
  ['shop orders', 'shop-orders.csv'],
  ['../../x', 'x.csv'],
  ['..\\..\\x', 'x.csv'],
  ['CON', '_CON.csv'],
  ['nul.txt', '_nul.txt.csv'],
  ['x"\r\nSet-Cookie: a=b', 'x-Set-Cookie-a=b.csv'],
  ['invoice\u202egpj.exe', 'invoice-gpj.exe.csv'],
  ['', 'file.csv'],
  ['...', 'file.csv'],
  ['Zoë 😀', 'Zoë-😀.csv'],
])('calls a file of %j %s', (label, name) => {
  expect(safeFileName(label, 'csv')).toBe(name);
});

it('cuts what is long, and not within a character', () => {
  expect(safeFileName('x'.repeat(300), 'csv')).toHaveLength(104);
  expect(safeFileName('😀'.repeat(300), 'csv')).toBe(`${'😀'.repeat(100)}.csv`);
});

it('says the name in ASCII, and exactly where that is not enough', () => {
  expect(attachment('orders.csv')).toBe('attachment; filename="orders.csv"');
  expect(attachment("Zoë's 😀.csv")).toBe(
    `attachment; filename="Zoe_s_.csv"; filename*=UTF-8''Zo%C3%AB%27s%20%F0%9F%98%80.csv`,
  );
  expect(attachment('a"\r\nb.csv')).toMatch(/^[\x20-\x7e]+$/);
});
