import { PERMISSIONS, permissionsOf } from '../../../platform/access/permissions.js';
import { API_KEY_SCOPES, scopedPermissions } from './api-key-scope.policy.js';

/** Every right with the scopes whose keys have it. A new one fails here until somebody has thought about it. */
const EXPECTED = `
session:own
profile:read read run admin
account:own
overview:read read run admin
databases:read read run admin
databases:create admin
databases:operate admin
databases:delete admin
connections:manage admin
queries:run run admin
queries:read read run admin
queries:export run admin
requests:read read run admin
requests:submit run admin
requests:decide
audit:read read run admin
platform:operate
`;

it('says of every right which keys have it', () => {
  const all = new Set(PERMISSIONS);
  const lines = PERMISSIONS.map((permission) =>
    [permission, ...API_KEY_SCOPES.filter((scope) => scopedPermissions(all, scope).has(permission))].join(
      ' ',
    ),
  );
  expect(lines).toEqual(EXPECTED.trim().split('\n'));
});

it('gives a key no right that its member lacks', () => {
  const viewer = permissionsOf('viewer', null);
  for (const scope of API_KEY_SCOPES)
    for (const permission of scopedPermissions(viewer, scope)) expect(viewer.has(permission)).toBe(true);
  expect(scopedPermissions(viewer, 'admin').has('audit:read')).toBe(false);
});
