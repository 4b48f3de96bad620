import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { startProduct, type Product } from './product.js';

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const ADMIN = { email: 'admin@example.com', password: 'Correct-Horse-9' };

/** The product behind a socket, and a real browser in front of it. */
export interface Walk {
  readonly product: Product;
  readonly browser: Browser;
  readonly address: string;
  /** A signed-in page, and everything its console complained about. */
  signIn(options?: BrowserContextOptions): Promise<{ page: Page; complaints: string[] }>;
  close(): Promise<void>;
}

export async function startWalk(): Promise<Walk> {
  const executablePath = process.env['TEST_CHROMIUM'] ?? PROGRAMS.find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new Error(
      'There is no Chromium for the browser tests: install it or set TEST_CHROMIUM to its path.',
    );
  }
  const product = await startProduct();
  await product.app.listen(0, '127.0.0.1');
  const address = await product.app.getUrl();
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
  const browser = await chromium.launch({ executablePath, args, timeout: 30_000 });
  return {
    product,
    browser,
    address,
    signIn: async (options = {}) => {
      const context = await browser.newContext({ baseURL: address, ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      const complaints = complaintsOf(page);
      await page.goto('/');
      await fillSignIn(page);
      await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
      return { page, complaints };
    },
    close: async () => {
      await browser.close();
      await product.close();
    },
  };
}

export async function fillSignIn(page: Page): Promise<void> {
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByLabel('Password').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Whatever the console of a page complains about, from now on. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}
