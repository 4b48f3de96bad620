import type { Page } from 'playwright-core';
import { startWalk, type Walk } from '../support/browser.js';

let walk: Walk;
let databaseId: string;

beforeAll(async () => {
  walk = await startWalk();
  const fields = { name: 'shop', engine: 'postgres', template: 'sample' };
  databaseId = (await walk.product.api('POST', '/databases', fields)).json<{ id: string }>().id;
}, 180_000);

afterAll(async () => {
  await walk.close();
});

const sql = async (page: Page): Promise<string> => page.locator('textarea[name=sql]').inputValue();
const line = (page: Page, name: string) =>
  page.locator('#schema-tree').locator('summary, button.node-line').filter({ hasText: name }).first();
const focused = async (page: Page): Promise<string> =>
  page.evaluate(
    `document.activeElement.querySelector('.node-name')?.textContent ?? document.activeElement.id`,
  );

it('is walked, opened, searched and written from with the keyboard alone', async () => {
  const { page, complaints } = await walk.signIn();
  await page.goto(`/workbench?databaseId=${databaseId}`);
  await line(page, 'orders').waitFor();
  await page.locator('.cm-content').focus();
  await page.keyboard.type('select * from');
  await page.keyboard.press('Shift+F6');
  await page.keyboard.press('Shift+F6');
  expect(await focused(page)).toBe('public');
  await page.keyboard.press('ArrowDown');
  expect(await focused(page)).toBe('customers');
  await page.keyboard.press('Enter');
  expect(await sql(page)).toBe('select * from customers');
  await page.keyboard.press('ArrowRight');
  await line(page, 'country').waitFor();
  await page.keyboard.press('ArrowRight');
  expect(await focused(page)).toBe('id');
  await page.keyboard.press('ArrowLeft');
  expect(await focused(page)).toBe('customers');
  await page.keyboard.press('ArrowLeft');
  await line(page, 'country').waitFor({ state: 'hidden' });
  await page.keyboard.press('/');
  await page.keyboard.type('produ');
  await page.locator('#branch-search').getByText('lines.product_id').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('o');
  await page.locator('#results table').waitFor();
  expect(await sql(page)).toBe('select * from customers');
  await page.keyboard.press('d');
  await page.locator('#definition', { hasText: 'create table products' }).waitFor();
  expect(complaints).toEqual([]);
}, 60_000);

it('writes with the mouse, and opens again what was open after it was read anew', async () => {
  const { page, complaints } = await walk.signIn();
  await page.goto(`/workbench?databaseId=${databaseId}`);
  await line(page, 'orders').click();
  await line(page, 'customer_id').click();
  await page.locator('#schema-tree').getByRole('button', { name: 'Write orders into' }).click();
  expect(await sql(page)).toBe('customer_id orders');
  await page.getByRole('link', { name: 'Read the schema again' }).click();
  await page.locator('#tree-state').waitFor({ state: 'attached' });
  await line(page, 'customer_id').waitFor();
  expect(complaints).toEqual([]);
}, 60_000);

it('panes move with the keyboard and the mouse, and stay so', async () => {
  const { page, complaints } = await walk.signIn({ viewport: { width: 1280, height: 800 } });
  await page.goto(`/workbench?databaseId=${databaseId}`);
  const width = async (): Promise<number> => (await page.locator('#bench-side').boundingBox())?.width ?? 0;
  const upright = page.getByRole('separator', { name: 'Width of the schema' });
  const before = await width();
  await upright.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await width()).toBe(before + 32);
  expect(await upright.getAttribute('aria-valuenow')).toBe(String(before + 32));
  const flat = page.getByRole('separator', { name: 'Height of the editor' });
  const box = await flat.boundingBox();
  const height = async (): Promise<number> => (await page.locator('#run-form').boundingBox())?.height ?? 0;
  const was = await height();
  await page.mouse.move((box?.x ?? 0) + 50, (box?.y ?? 0) + 4);
  await page.mouse.down();
  await page.mouse.move((box?.x ?? 0) + 50, (box?.y ?? 0) + 104, { steps: 4 });
  await page.mouse.up();
  expect(Math.abs((await height()) - was - 100)).toBeLessThanOrEqual(2);
  await page.reload();
  expect(await width()).toBe(before + 32);
  expect(Math.abs((await height()) - was - 100)).toBeLessThanOrEqual(2);
  expect(complaints).toEqual([]);
}, 60_000);

it('is a sheet on a phone, and a page without a script', async () => {
  const phone = await walk.signIn({ viewport: { width: 390, height: 844 }, hasTouch: true });
  await phone.page.goto(`/workbench?databaseId=${databaseId}`);
  const side = phone.page.locator('#bench-side');
  expect(await side.isVisible()).toBe(false);
  await phone.page.getByRole('link', { name: 'Schema and history' }).click();
  await line(phone.page, 'orders').click();
  await line(phone.page, 'customer_id').click();
  await side.waitFor({ state: 'hidden' });
  expect(await sql(phone.page)).toBe('customer_id');
  expect(phone.complaints).toEqual([]);

  const plain = await walk.signIn({ javaScriptEnabled: false });
  await plain.page.goto(`/workbench?databaseId=${databaseId}`);
  await plain.page.getByRole('link', { name: 'Show the schema' }).click();
  await plain.page.getByRole('searchbox').fill('country');
  await plain.page.getByRole('searchbox').press('Enter');
  await plain.page.getByText('customers.country').waitFor();
}, 60_000);
