import { type ConfigError, readSettings } from './config.js';

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
};

it('opens private networks, and those of this machine in development only', () => {
  const allow = '10.0.0.0/8, fd12::/16';
  expect(readSettings({ EGRESS_ALLOW: allow }).egress.allow).toEqual(['10.0.0.0/8', 'fd12::/16']);
  for (const loopback of ['127.0.0.0/8', '10.0.0.0/8,::1/128', '0.0.0.0/0']) {
    expect(problemsOf({ EGRESS_ALLOW: loopback })).toEqual([expect.stringContaining('EGRESS_ALLOW')]);
    expect(problemsOf({ EGRESS_ALLOW: loopback, NODE_ENV: 'development' })).toEqual([]);
  }
  expect(problemsOf({ EGRESS_ALLOW: '10.0.0.0' })).toEqual([expect.stringContaining('must be networks')]);
});
