import { Injectable } from '@nestjs/common';
import { lookup } from 'node:dns/promises';

const TIMEOUT_MS = 5000;

/** Names to addresses, as this machine resolves them. */
@Injectable()
export class Resolver {
  /** Every address of a name in the order in which they should be tried; rejects when there is none. */
  async resolve(name: string): Promise<readonly string[]> {
    const answers = await Promise.race([lookup(name, { all: true, order: 'ipv4first' }), late()]);
    return answers.map(({ address }) => address);
  }
}

async function late(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => {
      reject(new Error('The name servers do not answer.'));
    }, TIMEOUT_MS).unref();
  });
}
