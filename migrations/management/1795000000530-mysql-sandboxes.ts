import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Servers have room for so many databases; a database of an engine that leaves the choice has an encoding. */
export class MysqlSandboxes1795000000530 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table sandbox_server add column capacity integer not null default 1000
        constraint ck_sandbox_server_capacity check (capacity >= 0);
      alter table database add column character_set text, add column text_collation text,
        add constraint ck_database_encoding check ((character_set is null) = (text_collation is null))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table database drop constraint ck_database_encoding, drop column character_set, drop column text_collation;
      alter table sandbox_server drop column capacity`);
  }
}
