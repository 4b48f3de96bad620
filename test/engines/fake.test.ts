import { FakeDriver, FakeServer } from '../support/fake-engine.js';
import { engineContract } from './engine.contract.js';

describe('the fake engine', () => {
  engineContract(async () => {
    const server = new FakeServer();
    const target = {
      host: 'localhost',
      port: 5432,
      database: 'fake',
      username: 'somebody',
      password: server.password,
      tls: { mode: 'off' as const },
    };
    return Promise.resolve({
      driver: new FakeDriver(server),
      other: new FakeDriver(server),
      target,
      dead: { ...target, port: 1 },
      texts: {
        rows: (count: number) => `rows ${String(count)}`,
        cell: (bytes: number) => `cell ${String(bytes)}`,
        sleep: (seconds: number) => `sleep ${String(seconds)}`,
        write: 'write',
        count: 'count',
        broken: 'broken',
        duplicates: 'pair',
        odd: 'pair',
        oddRow: [1, 2],
      },
      cut: async () => {
        server.end();
        return Promise.resolve();
      },
    });
  });
});
