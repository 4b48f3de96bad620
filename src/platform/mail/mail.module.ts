import { Global, Module } from '@nestjs/common';
import { Registry } from '../health/registry.js';
import { Links } from './links.js';
import { MailJobs } from './mail.jobs.js';
import { MailRepository } from './mail.repository.js';
import { MailTransport } from './mail-transport.js';
import { Mailer, MailStore } from './mailer.js';
import { Outbox } from './outbox.js';
import { OutboxController } from './outbox.controller.js';

@Global()
@Module({
  controllers: [OutboxController],
  providers: [Links, MailJobs, MailRepository, MailStore, MailTransport, Mailer, Outbox],
  exports: [Links, Mailer, Outbox],
})
export class MailModule {
  constructor(registry: Registry, outbox: Outbox) {
    if (!outbox.inUse) return;
    registry.addFrameItem({
      group: 'Platform',
      label: 'Mail',
      href: '/mail',
      icon: 'mail',
      permission: 'platform:operate',
      order: 180,
    });
  }
}
