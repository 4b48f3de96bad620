import { startWalk, type Walk } from '../support/browser.js';

let walk: Walk;

beforeAll(async () => {
  walk = await startWalk();
  const fields = { name: 'shop_floor', engine: 'postgres', template: 'sample' };
  await walk.product.api('POST', '/databases', fields);
}, 180_000);

afterAll(async () => {
  await walk.close();
});

it('opens with Ctrl-K anywhere, also in the editor, and is used without a mouse', async () => {
  const { page, complaints } = await walk.signIn();
  await page.goto('/workbench');
  await page.locator('#schema-tree').getByText('orders').waitFor();
  await page.locator('.cm-content').focus();
  await page.keyboard.press('Control+k');
  const dialog = page.getByRole('dialog', { name: 'Search over everything' });
  await dialog.getByRole('link', { name: 'shop_floor' }).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(await page.evaluate(`document.activeElement.className.includes('cm-content')`)).toBe(true);

  await page.goto('/databases');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('orders.cust');
  await dialog.getByRole('link', { name: 'orders.customer_id' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.type('o');
  expect(await page.locator('#search-field').inputValue()).toBe('orders.custo');
  await dialog.getByRole('link', { name: 'orders.customer_id' }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/workbench\?databaseId=.*find=/);
  await page.locator('#schema-tree').getByText('orders.customer_id').waitFor();
  expect(complaints).toEqual([]);
}, 60_000);

it('works without a script', async () => {
  const { page } = await walk.signIn({ javaScriptEnabled: false });
  await page.getByRole('link', { name: 'Search' }).click();
  await page.getByRole('searchbox').fill('floor');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('link', { name: 'shop_floor' }).click();
  await page.getByRole('heading', { name: 'shop_floor', level: 1 }).waitFor();
}, 60_000);
