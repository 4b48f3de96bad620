import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  readonly to: string;
  /** Headers and body as they came over the wire. */
  readonly raw: string;
}

/** A real SMTP server on a free port. */
export interface MailServer {
  readonly port: number;
  readonly received: readonly ReceivedMail[];
  /** How often a recipient was named, also in vain. */
  attempts(to: string): number;
  close(): Promise<void>;
}

/** `refuse` answers the reply code with which a recipient is refused at this attempt, or null to accept. */
export async function startMailServer(
  refuse: (to: string, attempt: number) => number | null = () => null,
  options: SMTPServerOptions & { port?: number } = {},
): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  const attempts = new Map<string, number>();
  const { port: wanted = 0, ...rest } = options;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    ...rest,
    onRcptTo: ({ address }, _, done) => {
      const attempt = (attempts.get(address) ?? 0) + 1;
      attempts.set(address, attempt);
      const code = refuse(address, attempt);
      if (code === null) done();
      else done(Object.assign(new Error('refused on purpose'), { responseCode: code }));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        for (const { address } of session.envelope.rcptTo) received.push({ to: address, raw });
        done();
      });
    },
  });
  server.listen(wanted, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    attempts: (to) => attempts.get(to) ?? 0,
    close: async () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}
