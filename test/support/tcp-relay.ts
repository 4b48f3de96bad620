import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A server's second address: what connects here is connected to it, until it is cut. */
export interface TcpRelay {
  readonly port: number;
  /** Connections made so far. */
  readonly accepted: number;
  /** Connections open now. */
  readonly open: number;
  /** Ends every connection in its middle. */
  cut(): void;
  close(): Promise<void>;
}

export async function relayTo(url: string): Promise<TcpRelay> {
  const { hostname, port } = new URL(url);
  const pairs = new Set<readonly [Socket, Socket]>();
  let accepted = 0;
  const server = createServer((client) => {
    accepted += 1;
    const upstream = connect(Number(port), hostname);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    const end = (): void => {
      for (const socket of pair) socket.destroy();
      pairs.delete(pair);
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const [client, upstream] of pairs) {
      client.destroy();
      upstream.destroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    get accepted() {
      return accepted;
    },
    get open() {
      return pairs.size;
    },
    cut,
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
