// One compiler for tests and sources: swc emits CommonJS, and Jest loads the ESM-only packages by require(esm),
// which needs Node 24 with --experimental-vm-modules (scripts/jest.mjs sets both).
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      swcrc: false,
      jsc: {
        target: 'es2023',
        keepClassNames: true,
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
      },
      module: { type: 'commonjs' },
      sourceMaps: 'inline',
    },
  ],
};

const project = (name, testMatch, extra = {}) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  testMatch: testMatch.map((pattern) => `<rootDir>/${pattern}`),
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform,
  setupFiles: ['<rootDir>/test/support/setup.ts'],
  ...extra,
});

const servers = {
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
};

export default {
  projects: [
    project('unit', ['src/**/*.spec.ts']),
    project('architecture', ['test/architecture/**/*.test.ts']),
    project('integration', ['test/integration/**/*.test.ts'], servers),
    project('engines', ['test/engines/**/*.test.ts'], servers),
    project('http', ['test/http/**/*.test.ts'], servers),
    project('browser', ['test/browser/**/*.test.ts'], servers),
    project('deep', ['test/load/**/*.test.ts'], servers),
  ],
  testTimeout: 30000,
};
