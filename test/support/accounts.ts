import type { LightMyRequestResponse } from 'fastify';
import { newId } from '../../src/platform/persistence/ids.js';
import type { Product } from './product.js';
import { linkIn, somewhere } from './visitor.js';

export const PASSWORD = 'Right-Horse-7';
export const NAMES = { firstName: 'Grace', lastName: 'Hopper' };

export const address = (domain = 'example.com'): string => `${newId()}@${domain}`;

/** The token in the link of a mail. */
export function tokenIn(letter: { readonly text: string }): string {
  return new URLSearchParams(linkIn(letter).split('?')[1]).get('token') ?? '';
}

/** What people do with their accounts, through the API. */
export class AccountsApi {
  constructor(private readonly product: () => Product) {}

  async post(path: string, payload: object, remoteAddress = somewhere()): Promise<LightMyRequestResponse> {
    return this.product().app.inject({
      method: 'POST',
      url: `/api/v1/auth/${path}`,
      payload,
      remoteAddress,
    });
  }

  async register(
    email: string,
    more: object = { organisation: 'Navy' },
    from = somewhere(),
  ): Promise<LightMyRequestResponse> {
    return this.post('register', { email, password: PASSWORD, ...NAMES, ...more }, from);
  }

  /** An account with an organisation of its own and a proven mailbox. */
  async verified(email = address()): Promise<string> {
    await this.register(email);
    await this.post('verify', { token: tokenIn(await this.product().mail(email)) });
    return email;
  }

  async signIn(email: string, more: object = {}, from = somewhere()): Promise<LightMyRequestResponse> {
    return this.post('login', { email, password: PASSWORD, ...more }, from);
  }

  /** A session's token; fails when signing in does. */
  async token(email: string, more: object = {}): Promise<string> {
    const answer = await this.signIn(email, more);
    if (answer.statusCode !== 200) throw new Error(`Signing in failed: ${answer.body}`);
    return answer.json<{ token: string }>().token;
  }
}
