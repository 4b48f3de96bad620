import type { EngineError, EngineSession } from '../../src/engines/engine.js';
import { MysqlDriver } from '../../src/engines/mysql/mysql-driver.js';
import { ok, result, rogueMysql, type Answer } from '../support/rogue-mysql.js';
import { only, runIn } from './engine.contract.js';

/** Answers what a connection asks of its session, and hands a person's statement to `answer`. */
function session(answer: Answer): Answer {
  return (text) => {
    if (text.startsWith('select version()'))
      return result(['v', 'm'], [['8.0.0-rogue', 'STRICT_TRANS_TABLES']]);
    if (text.startsWith('select @@sql_mode')) {
      return result(['a', 'b', 'c', 'd'], [['STRICT_TRANS_TABLES', 'utf8mb4', '+00:00', '1']]);
    }
    return /^(?:set|start|rollback|d$|$)/.test(text) ? [ok()] : answer(text);
  };
}

const driver = new MysqlDriver();
afterAll(async () => driver.close());

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => (error as Partial<EngineError>).problem?.code ?? (error as Error).message,
  );

async function ask(opened: EngineSession): Promise<unknown[][]> {
  return (await runIn(opened, only(driver, 'select 1'))).sink.rows();
}

describe('a server that is not what it says', () => {
  it('is spoken to like any other as long as it answers', async () => {
    await using server = await rogueMysql(session(() => result(['a'], [['x'], ['y']])));
    await using opened = await driver.open(server.target, 'read');
    expect(await ask(opened)).toEqual([['x'], ['y']]);
  });

  it('gets no byte of a file that it asks for (MY-040)', async () => {
    const request = Buffer.concat([Buffer.from([0xfb]), Buffer.from('/proc/self/environ')]);
    await using server = await rogueMysql(session(() => [request]));
    const opened = await driver.open(server.target, 'read');
    const before = server.received().length;
    expect(await codeOf(ask(opened))).toBe('The server asked for a file.');
    await opened[Symbol.asyncDispose]();
    const sent = server.received().subarray(before);
    expect(sent.toString('latin1')).not.toMatch(/PATH=|HOME=/);
    expect(sent.length).toBeLessThan(200);
    // The connection is gone: the next lease is a new one, and it asks again who it speaks to.
    await using again = await driver.open(server.target, 'read');
    expect(server.received().subarray(before).toString('latin1')).toContain('select version()');
    expect(again.backendId).toBe('7');
  });

  it.each<[string, Buffer[] | null, RegExp]>([
    ['more columns than there can be', [Buffer.from([0xfc, 0xff, 0xff])], /no answer/],
    [
      'a row that does not fill its packet',
      [...result(['a', 'b'], []).slice(0, 4), Buffer.from([1, 0x78])],
      /broken row/,
    ],
    [
      'a cell that is longer than its packet',
      [...result(['a'], []).slice(0, 3), Buffer.from([200, 0x78])],
      /broken row/,
    ],
    ['an empty packet', [Buffer.alloc(0)], /range|bounds|no answer/i],
    ['the end', null, /connection_lost/],
  ])('ends the run and nothing else with %s', async (_, packets, message) => {
    await using server = await rogueMysql(session(() => packets));
    await using opened = await driver.open(server.target, 'read');
    expect(await codeOf(ask(opened))).toMatch(message);
  });

  it('is not used when it keeps another sql_mode than it was given', async () => {
    const answer = session(() => [ok()]);
    await using server = await rogueMysql((text) =>
      text.startsWith('select @@sql_mode')
        ? result(['a', 'b', 'c', 'd'], [['NO_BACKSLASH_ESCAPES', 'utf8mb4', '+00:00', '1']])
        : answer(text),
    );
    expect(await codeOf(driver.open(server.target, 'read'))).toBe('connection_failed');
  });
});
