import { TenantsService } from '../../../src/modules/tenants/tenants.service.js';
import { UsersService } from '../../../src/modules/users/users.service.js';
import { newId } from '../../../src/platform/persistence/ids.js';
import { Transactions } from '../../../src/platform/persistence/transactions.js';
import { makeInvitation } from '../../factories/invitations.js';
import { makeTenant } from '../../factories/people.js';
import { AccountsApi, address, NAMES, PASSWORD, tokenIn } from '../../support/accounts.js';
import { startProduct, type Product } from '../../support/product.js';
import { linkIn, Visitor } from '../../support/visitor.js';

let product: Product;

beforeAll(async () => {
  product = await startProduct();
}, 120_000);

afterAll(async () => {
  await product.close();
});

const accounts = new AccountsApi(() => product);

async function openTo(domain: string): Promise<string> {
  const { id } = await makeTenant(product.app);
  await product.app
    .get(Transactions, { strict: false })
    .manager.query('update tenant set settings = $2 where id = $1', [
      id,
      JSON.stringify({ allowedDomains: [domain] }),
    ]);
  return id;
}

describe('Joining by the domain of the address', () => {
  it('makes a viewer of whoever has proven the mailbox', async () => {
    const domain = `${newId()}.example`;
    const tenantId = await openTo(domain);
    const email = address(domain.toUpperCase());
    await accounts.register(email, {});
    expect((await accounts.signIn(email)).statusCode).toBe(403);
    await accounts.post('verify', { token: tokenIn(await product.mail(email)) });
    expect((await accounts.signIn(email)).json()).toMatchObject({
      membership: { role: 'viewer', tenant: { id: tenantId } },
    });
  });

  it('is asked which, where several take the domain in', async () => {
    const domain = `${newId()}.example`;
    const [one, other] = [await openTo(domain), await openTo(domain)];
    const email = address(domain);
    await accounts.register(email, {});
    await accounts.post('verify', { token: tokenIn(await product.mail(email)) });
    const asked = await accounts.signIn(email);
    expect(asked.json()).toMatchObject({ code: 'no_membership' });
    expect(
      asked
        .json<{ tenants: { id: string }[] }>()
        .tenants.map(({ id }) => id)
        .sort(),
    ).toEqual([one, other].sort());
    const chosen = await accounts.post('login', { email, password: PASSWORD, tenant: other });
    expect(chosen.json()).toMatchObject({ membership: { role: 'viewer', tenant: { id: other } } });
  });

  it('lets nobody into an organisation that takes in another domain', async () => {
    const tenantId = await openTo(`${newId()}.example`);
    const email = address(`${newId()}.example`);
    await accounts.register(email, {});
    await accounts.post('verify', { token: tokenIn(await product.mail(email)) });
    const answer = await accounts.post('login', { email, password: PASSWORD, tenant: tenantId });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([403, 'no_membership']);
  });

  it('offers to make an organisation where none takes the address in', async () => {
    const email = address(`${newId()}.example`);
    const visitor = new Visitor(product.app);
    await visitor.submit('/auth/register', { email, password: PASSWORD, ...NAMES });
    await visitor.open(linkIn(await product.mail(email)));
    expect((await visitor.submit('/auth/verify')).body).toContain('You belong to no organisation yet');
    const refused = await visitor.submit('/auth/login/step', { organisation: 'x' });
    expect(refused.body).toContain('The name has 2 to 100 characters.');
    expect(refused.body).toContain('value="x"');
    await visitor.submit('/auth/login/step', { organisation: 'Compilers' });
    expect((await accounts.signIn(email)).json()).toMatchObject({
      membership: { role: 'tenant_admin', tenant: { name: 'Compilers' } },
    });
  });
});

describe('An invitation', () => {
  it('makes an account that needs no mail, and joins with the invited role', async () => {
    const { invitation, token } = await makeInvitation(product.app, { role: 'manager' });
    const visitor = new Visitor(product.app);
    const page = await visitor.open(`/auth/invitation?token=${token}`);
    expect(page.body).toContain('You were invited to');
    const inside = await visitor.submit('/auth/register', {
      email: invitation.email,
      password: PASSWORD,
      ...NAMES,
      invitation: token,
    });
    expect(inside.body).toContain('Overview');
    expect((await accounts.signIn(invitation.email)).json()).toMatchObject({
      membership: { role: 'manager', tenant: { id: invitation.tenantId } },
    });
    expect((await new Visitor(product.app).open(`/auth/invitation?token=${token}`)).body).toContain(
      'not good any more',
    );
  });

  it('is for the invited address only, whatever the form says', async () => {
    const { token, invitation } = await makeInvitation(product.app);
    expect((await accounts.register(address(), { invitation: token })).statusCode).toBe(404);
    expect((await accounts.register(address(), { invitation: newId() })).statusCode).toBe(404);
    expect(
      (await accounts.register(invitation.email, { invitation: token, role: 'tenant_admin' })).statusCode,
    ).toBe(422);
    expect((await accounts.register(invitation.email, { invitation: token })).statusCode).toBe(201);
  });

  it('asks whoever has an account for their own password, and changes nothing before', async () => {
    const email = address();
    await accounts.register(email);
    await accounts.post('verify', { token: tokenIn(await product.mail(email)) });
    const { invitation, token } = await makeInvitation(product.app, { email, role: 'viewer' });
    const taken = await accounts.post('register', {
      email,
      password: 'Other-Horse-8',
      ...NAMES,
      invitation: token,
    });
    expect([taken.statusCode, taken.json<{ code: string }>().code]).toEqual([409, 'account_exists']);
    const wrong = await accounts.post('login', { email, password: 'Other-Horse-8', invitation: token });
    expect(wrong.statusCode).toBe(401);
    const account = await product.app.get(UsersService, { strict: false }).findAccount(email);
    expect(
      await product.app.get(UsersService, { strict: false }).listMemberships(account?.id ?? ''),
    ).toHaveLength(1);
    const visitor = new Visitor(product.app);
    const page = await visitor.open(`/auth/invitation?token=${token}`);
    expect(page.body).toContain('when you sign in');
    const inside = await visitor.submit('/auth/login', { email, password: PASSWORD, invitation: token });
    const { name } = await product.app.get(TenantsService, { strict: false }).getTenant(invitation.tenantId);
    expect(inside.body).toContain(name);
  });

  it('does not let a second person in who signs in with the link of another', async () => {
    const email = address();
    await accounts.register(email);
    await accounts.post('verify', { token: tokenIn(await product.mail(email)) });
    const { token } = await makeInvitation(product.app);
    const answer = await accounts.post('login', { email, password: PASSWORD, invitation: token });
    expect(answer.statusCode).toBe(404);
    expect((await accounts.signIn(email)).statusCode).toBe(200);
  });
});
