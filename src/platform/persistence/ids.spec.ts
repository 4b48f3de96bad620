import { isId, newId } from './ids.js';

const many = Array.from({ length: 20_000 }, newId);

it('makes ids of version 7 that nobody else has', () => {
  for (const id of many)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(many).size).toBe(many.length);
  expect(many.every(isId)).toBe(true);
});

it('makes them in order, also many within a millisecond', () => {
  expect([...many].sort()).toEqual(many);
});

it('leads them with the time', () => {
  const before = Date.now();
  const time = Number.parseInt(newId().replaceAll('-', '').slice(0, 12), 16);
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThan(before + 1000);
});
