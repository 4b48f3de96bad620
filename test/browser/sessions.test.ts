import type { BrowserContext, Page } from 'playwright-core';
import { UsersService } from '../../src/modules/users/users.service.js';
import { makeTenant } from '../factories/people.js';
import { ADMIN, fillSignIn, startWalk, type Walk } from '../support/browser.js';

let walk: Walk;

beforeAll(async () => {
  walk = await startWalk();
}, 180_000);

afterAll(async () => {
  await walk.close();
});

const made = async (name: string): Promise<string> => {
  const fields = { name, engine: 'postgres', template: 'blank' };
  return (await walk.product.api('POST', '/databases', fields)).json<{ id: string }>().id;
};

async function signInElsewhere(context: BrowserContext, page: Page): Promise<void> {
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Sign in in a new tab' }).click();
  const tab = await opened;
  await fillSignIn(tab);
  await tab.getByRole('heading', { name: 'You are signed in again' }).waitFor();
  await tab.close();
}

it('what was typed outlives the session: sign in again in another tab, and send it once more', async () => {
  await made('outlives');
  const { page } = await walk.signIn();
  await page.goto('/workbench');
  await page.locator('textarea[name=sql]').fill('select 42 as kept');
  await page.context().clearCookies();
  await page.locator('textarea[name=sql]').press('Control+Enter');
  const dialog = page.getByRole('dialog', { name: 'Your session ended' });
  await dialog.waitFor();
  await signInElsewhere(page.context(), page);
  await dialog.waitFor({ state: 'hidden' });
  await page.locator('#messages').getByText('You are signed in again').waitFor();
  expect(await page.locator('textarea[name=sql]').inputValue()).toBe('select 42 as kept');
  await page.locator('textarea[name=sql]').press('Control+Enter');
  await page.locator('#results td', { hasText: '42' }).waitFor();
}, 60_000);

it('a page hears at once that its session was ended elsewhere', async () => {
  const { page } = await walk.signIn();
  await page.goto('/databases/new');
  await page.getByLabel('Name', { exact: true }).fill('half_typed');
  const tab = await page.context().newPage();
  await tab.goto('/audit');
  await tab.locator('#account-menu summary').click();
  await tab.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('dialog', { name: 'Your session ended' }).waitFor();
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('half_typed');
}, 60_000);

it('a plain form gets back what it sent, without a script too', async () => {
  const { page } = await walk.signIn({ javaScriptEnabled: false });
  await page.goto('/databases/new?template=blank');
  await page.getByLabel('Name', { exact: true }).fill('sent_again');
  await page.locator('main form button[type=submit]').click();
  await page.getByRole('button', { name: /^Create/ }).waitFor();
  await page.context().clearCookies();
  await page.getByRole('button', { name: /^Create/ }).click();
  const opened = page.context().waitForEvent('page');
  await page.getByRole('link', { name: 'Sign in in a new tab' }).click();
  const tab = await opened;
  await fillSignIn(tab);
  await tab.getByRole('heading', { name: 'You are signed in again' }).waitFor();
  await page.getByRole('button', { name: 'Send it again' }).click();
  await page.getByText('The password is shown only now').waitFor();
}, 60_000);

describe('what others do', () => {
  it('changes the state of a database in place, in every tab', async () => {
    const id = await made('followed');
    const { page, complaints } = await walk.signIn();
    await page.goto(`/databases/${id}?tab=settings`);
    await page.getByLabel('Type followed to delete it').fill('follo');
    const list = await page.context().newPage();
    await list.goto('/databases');
    const row = list.locator(`#database-${id}`);
    await row.getByText('running').waitFor();
    await walk.product.api('POST', `/databases/${id}/stop`, {});
    await page.bringToFront();
    await page.locator('#database').getByText('stopped', { exact: true }).first().waitFor();
    expect(await page.getByLabel('Type followed to delete it').inputValue()).toBe('follo');
    await list.bringToFront();
    await row.getByText('stopped').waitFor();
    await made('appeared');
    await list.getByRole('link', { name: 'appeared', exact: true }).waitFor();
    expect(complaints).toEqual([]);
  }, 60_000);

  it('shows in the history of the workbench and in its line of state', async () => {
    const id = await made('watched');
    const { page, complaints } = await walk.signIn();
    await page.goto(`/workbench?databaseId=${id}`);
    await walk.product.api('POST', '/queries/sql', { databaseId: id, sql: 'select 7 as elsewhere' });
    await page.locator('#runs').getByText('select 7 as elsewhere').waitFor();
    await walk.product.api('POST', `/databases/${id}/stop`, {});
    await page.locator('#bench-status').getByText('stopped').waitFor();
    expect(complaints).toEqual([]);
  }, 60_000);

  it('comes through one stream for all tabs, and another tab takes it over', async () => {
    const { page } = await walk.signIn();
    const streams: string[] = [];
    page.context().on('request', (request) => {
      if (request.url().includes('/live?')) streams.push(request.url());
    });
    const [first] = await Promise.all([page.waitForRequest(/\/live\?/), page.goto('/databases')]);
    await first.response();
    streams.length = 1;
    const tab = await page.context().newPage();
    await tab.goto('/databases');
    await made('one_stream');
    await tab.getByRole('link', { name: 'one_stream', exact: true }).waitFor();
    expect(streams).toHaveLength(1);
    await page.close();
    await made('taken_over');
    await tab.getByRole('link', { name: 'taken_over', exact: true }).waitFor();
    expect(streams).toHaveLength(2);
  }, 60_000);
});

it('somebody with two organisations goes over to the other one, and pages that were left behind say so', async () => {
  const { page, complaints } = await walk.signIn();
  const users = walk.product.app.get(UsersService, { strict: false });
  const { id, name } = await makeTenant(walk.product.app);
  const account = await users.findAccount(ADMIN.email);
  await users.addMember(account?.id ?? '', id, 'developer');
  await page.goto('/databases');
  const tab = await page.context().newPage();
  await tab.goto('/');
  await tab.locator('#tenant-menu summary').click();
  await tab.getByRole('button', { name }).click();
  await tab.locator('#tenant-menu summary', { hasText: name }).waitFor();
  const dialog = page.getByRole('dialog', { name: `You are working in ${name} now` });
  await dialog.waitFor();
  await dialog.getByRole('link', { name: 'Go to the overview' }).click();
  await page.locator('#tenant-menu summary', { hasText: name }).waitFor();
  expect(complaints).toEqual([]);
}, 60_000);
