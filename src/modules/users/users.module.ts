import { Module } from '@nestjs/common';
import { Registry } from '../../platform/health/registry.js';
import { AuditModule } from '../audit/audit.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { InvitationsRepository } from './invitations/invitations.repository.js';
import { InvitationsService } from './invitations/invitations.service.js';
import { AccountsService } from './accounts.service.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [AuditModule, TenantsModule],
  providers: [AccountsService, InvitationsRepository, InvitationsService, UsersRepository, UsersService],
  exports: [AccountsService, InvitationsService, UsersService],
})
export class UsersModule {
  constructor(registry: Registry, users: UsersService) {
    registry.tenantsOf = async ({ accountId }) => {
      const open = (await users.listMemberships(accountId)).filter((member) => member.active);
      return open.map(({ tenantId: id, tenantName: name }) => ({ id, name }));
    };
  }
}
