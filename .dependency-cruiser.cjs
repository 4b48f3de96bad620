// .dependency-cruiser.cjs — imports point down this list, never up. Reordering it is an architectural decision.
const FLOORS = [
  'platform',
  'engines',
  'modules/audit',
  'modules/tenants',
  'modules/users',
  'modules/auth',
  'modules/notifications',
  'modules/databases',
  'modules/masking',
  'modules/queries',
  'modules/tables',
  'modules/library',
  'modules/approvals',
  'modules/metrics',
  'modules/cloud',
  'modules/workspace',
  'modules/admin',
];

const upward = FLOORS.slice(0, -1).map((floor, i) => ({
  name: `no-import-up-from-${floor.replace('modules/', '')}`,
  severity: 'error',
  from: { path: `^src/${floor}/` },
  to: { path: FLOORS.slice(i + 1).map((above) => `^src/${above}/`) },
}));

const only = (pkg, where, why) => ({
  name: `only-${where.name}-uses-${pkg}`,
  comment: why,
  severity: 'error',
  from: { path: '^src/', pathNot: where.path },
  to: { path: `(^|node_modules/)${pkg}(/|$)` },
});

const rule = (name, from, to) => ({ name, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule('no-circular', {}, { circular: true }),
    rule(
      'no-orphans',
      { orphan: true, pathNot: ['^src/main\\.ts$', '\\.spec\\.ts$', '\\.entity\\.ts$'] },
      {},
    ),
    rule('not-to-unresolvable', {}, { couldNotResolve: true }),
    rule(
      'no-dev-dependency',
      { path: '^src/', pathNot: ['\\.spec\\.ts$', '^src/client/'] },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg'], dependencyTypesNot: ['type-only'] },
    ),
    rule('src-not-to-test', { path: '^src/' }, { path: '^test/' }),
    ...upward,
    rule(
      'modules-meet-at-the-service',
      { path: '^src/modules/([^/]+)/', pathNot: '\\.spec\\.ts$' },
      {
        path: '^src/modules/([^/]+)/',
        pathNot: ['^src/modules/$1/', '\\.(module|service|events|types)\\.ts$'],
      },
    ),
    rule(
      'engines-do-not-know-each-other',
      { path: '^src/engines/([^/]+)/' },
      { path: '^src/engines/([^/]+)/', pathNot: '^src/engines/$1/' },
    ),
    rule(
      'controller-not-to-repository',
      { path: '\\.controller\\.ts$' },
      { path: '\\.(repository|entity)\\.ts$' },
    ),
    rule(
      'service-not-to-http',
      { path: '\\.(service|repository|policy|entity)\\.ts$' },
      { path: '(\\.(controller|view)\\.ts$|^src/platform/http/)' },
    ),
    rule('repository-not-to-service', { path: '\\.(repository|entity)\\.ts$' }, { path: '\\.service\\.ts$' }),
    rule(
      'policy-and-view-stay-pure',
      { path: '\\.(policy|view)\\.ts$', pathNot: '\\.spec\\.ts$' },
      {
        path: '(\\.(service|repository|module|controller)\\.ts$|node_modules/@nestjs/)',
        dependencyTypesNot: ['type-only'],
      },
    ),
    only(
      'pg',
      { name: 'postgres-engine', path: '^src/(engines/postgres|platform/(persistence|signals|jobs))/' },
      'A driver package is the business of its own folder',
    ),
    only(
      'mysql2',
      { name: 'mysql-engine', path: '^src/engines/mysql/' },
      'A driver package is the business of its own folder',
    ),
    only(
      'mongodb',
      { name: 'mongodb-engine', path: '^src/engines/mongodb/' },
      'A driver package is the business of its own folder',
    ),
    rule(
      'only-sqlite-engine-uses-node-sqlite',
      { path: '^src/', pathNot: '^src/engines/sqlite/child/' },
      { path: '^(node:)?sqlite$' },
    ),
    only(
      'typeorm',
      { name: 'persistence', path: '(^src/platform/persistence/|\\.(repository|entity)\\.ts$)' },
      'Only repositories and entities know the ORM',
    ),
    only('handlebars', { name: 'views', path: '^src/platform/http/' }, 'Templates are rendered in one place'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true, // type imports count
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
