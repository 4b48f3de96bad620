import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { CONFIG, isLoopback, type Config } from '../config/config.js';
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
export class MailTransport implements OnApplicationShutdown {
  private readonly smtp: Transporter | null;
  private readonly from: string;

  constructor(
    private readonly outbox: Outbox,
    @Inject(CONFIG) config: Pick<Config, 'mail'>,
  ) {
    const { smtpUrl, from } = config.mail;
    this.smtp = smtpUrl === null ? null : createTransport(optionsOf(new URL(smtpUrl)));
    this.from = from;
  }

  async deliver({ id, kind, to, subject, text, html }: OutgoingMail): Promise<void> {
    const { from, smtp } = this;
    if (smtp === null) return this.outbox.put({ id, kind, from, to, subject, text, html });
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
  }

  onApplicationShutdown(): void {
    this.smtp?.close();
  }
}

/** `smtps://` speaks TLS from the start; `smtp://` turns to it, and gives no password away without. */
function optionsOf({ protocol, hostname, port, username, password }: URL): object {
  const secure = protocol === 'smtps:';
  const auth =
    username === ''
      ? {}
      : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } };
  return {
    host: hostname,
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && username !== '' && !isLoopback(hostname),
    ...auth,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
  };
}
