import type { Page } from 'playwright-core';
import { startWalk, type Walk } from '../support/browser.js';

let walk: Walk;

beforeAll(async () => {
  walk = await startWalk();
}, 180_000);

afterAll(async () => {
  await walk.close();
});

async function createSample(page: Page, name: string): Promise<void> {
  await page.goto('/databases/new?template=sample');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.locator('main form button[type=submit]').click();
  await page.getByRole('button', { name: /^Create/ }).click();
  await page.getByText('The password is shown only now').waitFor();
}

const run = async (page: Page, sql: string): Promise<void> => {
  await page.locator('textarea[name=sql]').fill(sql);
  await page.locator('textarea[name=sql]').press('Control+Enter');
};

it('a person makes a database, queries it, errs, cancels, stops, starts, deletes and restores it', async () => {
  const { page, complaints } = await walk.signIn();
  await createSample(page, 'journey');
  await page.getByRole('link', { name: 'Open in the workbench' }).click();
  await run(
    page,
    'select c.country, sum(t.total) from order_totals t join customers c on c.id = t.customer_id group by 1',
  );
  await page.locator('#results table').waitFor();
  expect(await page.locator('#results tbody tr').count()).toBeGreaterThan(3);

  await run(page, 'select custmer_id from orders');
  await page.getByText('Did you mean customer_id?').waitFor();
  expect(await page.locator('#results mark').textContent()).toBe('custmer_id');

  await run(page, 'select pg_sleep(20)');
  await page.locator('[data-cancel]').click();
  const cancelled = performance.now();
  await page
    .locator('#results')
    .getByText(/cancelled/i)
    .first()
    .waitFor();
  expect(performance.now() - cancelled).toBeLessThan(3000);

  await page.goto('/databases');
  await page.getByRole('link', { name: 'journey', exact: true }).click();
  await page.getByRole('button', { name: 'Stop…' }).click();
  await page.locator('#stop-dialog button[type=submit]').click();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('button', { name: 'Stop…' }).waitFor();
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByLabel('Type journey to delete it').fill('journey');
  await page.getByRole('button', { name: /^Delete/ }).click();
  await page.getByText('kept until dropped for good').click();
  await page.getByRole('button', { name: /^Restore/ }).click();
  await page.goto('/databases');
  expect(await page.locator('tr', { hasText: 'journey' }).first().textContent()).toContain('running');
  expect(complaints).toEqual([]);
}, 90_000);

it('the same works without a script', async () => {
  const { page, complaints } = await walk.signIn({ javaScriptEnabled: false });
  await createSample(page, 'plain');
  await page.getByRole('link', { name: 'Open in the workbench' }).click();
  await page.locator('textarea[name=sql]').fill('select count(*) as lines from order_lines');
  await page.locator('form[action="/queries/sql"] button[data-run]').click();
  await page.locator('#results table').waitFor();
  expect(await page.locator('textarea[name=sql]').inputValue()).toBe(
    'select count(*) as lines from order_lines',
  );
  await page.goto('/queries/history');
  await page.getByText('select count(*) as lines from order_lines').first().waitFor();
  expect(complaints).toEqual([]);
}, 60_000);

it('no page runs beyond the edge of a phone', async () => {
  const { page, complaints } = await walk.signIn({ viewport: { width: 360, height: 740 } });
  for (const path of [
    '/',
    '/databases',
    '/databases/new',
    '/workbench',
    '/audit',
    '/queries/history',
    '/api/docs',
  ]) {
    await page.goto(path);
    const beyond = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    expect([path, beyond]).toEqual([path, 0]);
  }
  expect(complaints).toEqual([]);
}, 60_000);
