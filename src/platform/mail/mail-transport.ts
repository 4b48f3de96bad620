import { Inject, Injectable } from '@nestjs/common';
import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import { CONFIG, isLoopback, type Config } from '../config/config.js';
import { Egress, type Pinned } from '../egress/egress.js';
import { Outbox } from './outbox.js';

export interface OutgoingMail {
  readonly id: string;
  readonly kind: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;

/** The way out for mail: the SMTP server of the configuration, or the outbox in the data folder when there is none. */
@Injectable()
export class MailTransport {
  private readonly server: URL | null;
  private readonly from: string;

  constructor(
    private readonly outbox: Outbox,
    private readonly egress: Egress,
    @Inject(CONFIG) config: Pick<Config, 'mail'>,
  ) {
    const { smtpUrl, from } = config.mail;
    this.server = smtpUrl === null ? null : new URL(smtpUrl);
    this.from = from;
  }

  async deliver({ id, kind, to, subject, text, html }: OutgoingMail): Promise<void> {
    const { from, server } = this;
    if (server === null) return this.outbox.put({ id, kind, from, to, subject, text, html });
    const pinned = await this.egress.pin('platform', hostOf(server), portOf(server));
    const smtp = createTransport(optionsOf(server, pinned));
    try {
      await smtp.sendMail({
        from,
        // As an object, so that nothing in an address is taken for a second one.
        to: { name: '', address: to },
        subject,
        text,
        html,
        messageId: `<${id}@clouddb-manager>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    } finally {
      smtp.close();
    }
  }
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'smtps:' ? 465 : 587;
}

/** `smtps://` speaks TLS from the start; `smtp://` turns to it, and gives no password away without. */
function optionsOf({ protocol, username, password }: URL, { host, address, port }: Pinned): object {
  const secure = protocol === 'smtps:';
  return {
    host: address,
    port,
    secure,
    requireTLS: !secure && username !== '' && !isLoopback(host),
    ...(isIP(host) === 0 && { tls: { servername: host } }),
    ...(username !== '' && {
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
  };
}
