import type { MigrationInterface, QueryRunner } from 'typeorm';
import { RECORD } from './1795000000400-queries.js';

/** Beginnings and ends of runs are written by a prepared statement of the application: nothing calls the function. */
export class RunJournal1795000000450 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop function query_run_record(jsonb, jsonb, uuid, text)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(RECORD);
  }
}
