import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../clock/clock.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { newId } from '../persistence/ids.js';
import { Queue } from '../jobs/queue.js';
import { Sealing } from '../sealing/sealing.js';
import { MailTransport } from './mail-transport.js';
import { renderMail, type MailContent } from './mail-content.js';
import { MailRepository, type WaitingMail } from './mail.repository.js';

/** What a mail is for, as `noun.verb`: `address.verify`. */
export interface Mail {
  readonly kind: string;
  readonly to: string;
  readonly content: MailContent;
}

const QUEUE = 'mail';
const MAX_BODY = 65_536;
/** With waits that double from one second to half an hour, the last try comes some five hours after the first. */
const MAX_ATTEMPTS = 20;
const LONGEST_WAIT_SECONDS = 1800;
const KEEP_MS = 30 * 86_400_000;

const workSchema = z.object({ id: z.uuid() });
const bodySchema = z.object({ text: z.string(), html: z.string() });

/** The record of mails and what they are sealed with. */
@Injectable()
export class MailStore {
  constructor(
    readonly mails: MailRepository,
    readonly sealing: Sealing,
    readonly clock: Clock,
  ) {}
}

/** Sends mail: written in the caller's transaction, delivered by a durable queue after it has committed. */
@Injectable()
export class Mailer implements OnApplicationBootstrap {
  constructor(
    private readonly store: MailStore,
    private readonly queue: Queue,
    private readonly transport: MailTransport,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const options = {
      timeoutSeconds: 90,
      retries: MAX_ATTEMPTS,
      longestWaitSeconds: LONGEST_WAIT_SECONDS,
      concurrency: 2,
    };
    await this.queue.define(QUEUE, options, async (data) => this.deliver(workSchema.parse(data).id));
  }

  /** Joins the open transaction: no mail leaves for what did not happen. Answers the mail's id. */
  async send({ kind, to, content }: Mail): Promise<string> {
    const { subject, text, html } = renderMail(content);
    if (Buffer.byteLength(text) + Buffer.byteLength(html) > MAX_BODY)
      throw new Error(`A mail (${kind}) is longer than ${String(MAX_BODY)} bytes.`);
    const id = newId();
    const sealedBody = this.store.sealing.seal(JSON.stringify({ text, html }), `mail.${id}`);
    await this.store.mails.insert({ id, kind, recipient: to, subject, sealedBody }, this.store.clock.now());
    await this.queue.send(QUEUE, { id });
    return id;
  }

  /** How many mails of a kind an address got lately, so that nobody can be flooded. */
  async countSince(to: string, kind: string, since: Date): Promise<number> {
    return this.store.mails.countSince(to, kind, since);
  }

  async prune(now: Date): Promise<void> {
    await this.store.mails.prune(new Date(now.getTime() - KEEP_MS));
  }

  /** May see the same mail again after a crash; the message id then lets mail programs show it once. */
  private async deliver(id: string): Promise<void> {
    const mail = await this.store.mails.findWaiting(id);
    if (mail === undefined) return;
    const { kind, recipient, subject } = mail;
    const body = bodySchema.parse(JSON.parse(this.store.sealing.open(mail.sealed_body, `mail.${id}`)));
    try {
      await this.transport.deliver({ id, kind, to: recipient, subject, ...body });
    } catch (error) {
      await this.failed(mail, error);
      return;
    }
    await this.store.mails.end(id, 'sent', null, this.store.clock.now());
    this.logger.info({ mail: id, kind }, 'A mail was delivered');
  }

  /** What the server refused for good is recorded; everything else is tried again by the queue. */
  private async failed({ id, kind, attempts }: WaitingMail, error: unknown): Promise<void> {
    const said = String(error).slice(0, 500);
    const last = attempts + 1 >= MAX_ATTEMPTS;
    if (last || isPermanent(error)) {
      await this.store.mails.end(id, 'failed', said, this.store.clock.now());
      this.logger.error({ err: error, mail: id, kind }, 'A mail could not be delivered');
      return;
    }
    await this.store.mails.noteFailure(id, said);
    throw error;
  }
}

/** RFC 5321: replies of 500 and above say that trying again as it is will not help; but a refused login may be mended. */
function isPermanent(error: unknown): boolean {
  if (!(error instanceof Error) || !('responseCode' in error)) return false;
  const { responseCode, code } = error as { responseCode: unknown; code?: unknown };
  return typeof responseCode === 'number' && responseCode >= 500 && code !== 'EAUTH';
}
