import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { startWalk, type Walk } from '../support/browser.js';

let walk: Walk;
let databaseId: string;

beforeAll(async () => {
  walk = await startWalk();
  const body = { name: 'grid', engine: 'postgres', template: 'sample' };
  databaseId = (await walk.product.api('POST', '/databases', body)).json<{ id: string }>().id;
}, 180_000);

afterAll(async () => {
  await walk.close();
});

async function openWorkbench(options = {}): Promise<{ page: Page; complaints: string[] }> {
  const opened = await walk.signIn(options);
  opened.page.setDefaultTimeout(30_000);
  await opened.page.goto(`/workbench?databaseId=${databaseId}`);
  return opened;
}

async function run(page: Page, sql: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(sql);
  const answer = page.waitForResponse((response) => response.url().endsWith('/queries/sql'));
  await page.keyboard.press('Control+Shift+Enter');
  await (await answer).finished();
  await page.locator('#results .result:visible').first().waitFor();
}

const WIDE = `select n as id, ${Array.from({ length: 49 }, (_, index) => `n * ${String(index + 1)} as c${String(index)}`).join(', ')} from generate_series(1, 10000) n`;
const EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>';

it('scrolls through 10,000 rows of 50 columns, of which only some are in the page', async () => {
  const { page, complaints } = await openWorkbench();
  await page.evaluate(
    `document.getElementById('run-form').insertAdjacentHTML('beforeend', '<input type="hidden" name="maxRows" value="10000">')`,
  );
  await run(page, WIDE);
  await page.locator('result-grid tbody.gap').first().waitFor({ state: 'attached' });
  for (const place of [0.5, 0.1, 0.9, 0]) {
    await page.evaluate(
      `{ const grid = document.querySelector('result-grid'); grid.scrollTop = ${String(place)} * grid.scrollHeight; }`,
    );
    const row = String(Math.round(10_000 * place) + 3);
    await page.getByRole('rowheader', { name: row, exact: true }).waitFor();
  }
  expect(await page.locator('result-grid tbody:not(.gap) tr').count()).toBeLessThanOrEqual(1600);
  expect(complaints).toEqual([]);
}, 90_000);

it('is walked with the keyboard: cells, the value pane, widths, and sorting from the head', async () => {
  const { page, complaints } = await openWorkbench();
  await run(
    page,
    `select n, '{"deep": [' || n || ']}' as text, jsonb_build_object('deep', n) as doc from generate_series(1, 500) n`,
  );
  const table = page.locator('result-grid table');
  await table.focus();
  await page.keyboard.press('Control+End');
  await page.getByRole('rowheader', { name: '500', exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.cell-pane pre', { hasText: '"deep": 500' }).waitFor();
  await page.keyboard.press('ArrowUp');
  await page.locator('.cell-pane pre', { hasText: '"deep": 499' }).waitFor();
  await page.keyboard.press('Escape');
  expect(await page.locator('.cell-pane').count()).toBe(0);
  const width = async (): Promise<number> =>
    (await table.locator('thead th').nth(3).boundingBox())?.width ?? 0;
  const before = await width();
  await page.keyboard.press('+');
  expect(await width()).toBeCloseTo(before + 16, 0);
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.locator('th[aria-sort=ascending]').waitFor();
  await page.locator('result-grid table').focus();
  expect(complaints).toEqual([]);
}, 60_000);

it('sorts and filters what is shown, and says that it is about that', async () => {
  const { page, complaints } = await openWorkbench();
  await run(page, 'select * from customers');
  await page.locator('thead').getByRole('link', { name: 'country' }).click();
  await page.locator('th[aria-sort=ascending]').waitFor();
  await page.getByText('sorted by country among the rows shown').waitFor();
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByLabel('Value').fill('DE');
  await page.getByLabel('Column', { exact: true }).selectOption({ label: 'country' });
  await page.locator('form.filter button[type=submit]').click();
  await page.getByText(/\d+ of the 1,000 rows shown, sorted by country/).waitFor();
  await page.getByRole('link', { name: 'Clear' }).click();
  await page.getByText(/of the 1,000 rows shown/).waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
}, 60_000);

it('shows hostile values, names and messages of the server as text', async () => {
  const { page, complaints } = await openWorkbench();
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const quoted = EVIL.replaceAll("'", "''");
  await run(
    page,
    `do $$ begin raise notice '%', '${quoted}'; end $$; select '${quoted}' as "${EVIL.replaceAll('"', '""').slice(0, 60)}", '${quoted} ${'long '.repeat(100)}' as long,
     'htmx' as "id=htmx", jsonb_build_object('x', '${quoted}') as doc; select '${quoted}'::int`,
  );
  await page.getByRole('tab', { name: /Result 2/ }).click();
  const cell = page.locator('result-grid td').first();
  expect(await cell.textContent()).toBe(EVIL);
  await page.locator('result-grid table').focus();
  await page.keyboard.press('Enter');
  await page.locator('.cell-pane pre', { hasText: EVIL }).waitFor();
  await page.getByRole('tab', { name: /Messages/ }).click();
  await page.locator('.messages .notice', { hasText: EVIL }).waitFor();
  await page.getByRole('tab', { name: /Result 3/ }).click();
  await page.locator('.error', { hasText: EVIL }).waitFor();
  expect(await page.locator('#results img, #results script').count()).toBe(0);
  expect(dialogs).toEqual([]);
  expect(complaints).toEqual([]);
}, 60_000);

it('can be paged, sorted and looked into without a script', async () => {
  const { page, complaints } = await openWorkbench({ javaScriptEnabled: false });
  await page
    .locator('textarea[name=sql]')
    .fill(`select n, repeat('x', 5000) as long from generate_series(1, 1500) n`);
  await page.locator('form[action="/queries/sql"] [data-run]').click();
  await page.getByText('Rows 1–200 of 1,000').waitFor();
  await page.locator('.grid-pager').getByRole('link', { name: 'Next' }).click();
  await page.getByText('Rows 201–400 of 1,000').waitFor();
  await page.getByRole('link', { name: 'Next 500' }).click();
  await page.getByText('Rows 1,001–1,200 of 1,500').waitFor();
  await page.locator('thead').getByRole('link', { name: 'n', exact: true }).click();
  await page.locator('th[aria-sort=ascending]').waitFor();
  await page.locator('a.more').first().click();
  await page.getByRole('link', { name: 'Load all 4.9 kB' }).click();
  expect((await page.locator('pre').textContent())?.length).toBe(5000);
  expect(complaints).toEqual([]);
}, 60_000);

it('exports with a form that any browser sends, and says what became of it', async () => {
  const { page, complaints } = await openWorkbench();
  await run(page, `select n, '=1+' || n as formula from generate_series(1, 20000) n`);
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByLabel('Everything: runs the statement again').check();
  const download = page.waitForEvent('download');
  await page.locator('form.export-form button[type=submit]').click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('grid-result.csv');
  const lines = readFileSync(await file.path(), 'utf8')
    .trimEnd()
    .split('\r\n');
  expect([lines.length, lines[1]]).toEqual([20_001, `1,"'=1+1"`]);
  await page.locator('.export-state', { hasText: 'succeeded' }).waitFor();
  await page.getByText('20,000 cells like a formula got an apostrophe').waitFor();
  expect(await page.locator('.cm-content').textContent()).toContain('generate_series');
  expect(complaints).toEqual([]);

  const plain = await openWorkbench({ javaScriptEnabled: false });
  await plain.page.locator('textarea[name=sql]').fill('select 1 as one');
  await plain.page.locator('form[action="/queries/sql"] [data-run]').click();
  await plain.page.getByRole('button', { name: 'Export' }).click();
  const saved = plain.page.waitForEvent('download');
  await plain.page.locator('form.export-form button[type=submit]').click();
  expect(readFileSync(await (await saved).path(), 'utf8')).toBe('one\r\n1\r\n');
  expect(plain.complaints).toEqual([]);
}, 90_000);
