import type { MigrationInterface } from 'typeorm';
import { People1795000000200 } from '../../../migrations/management/1795000000200-people.js';

/** The migrations of the management database, oldest first. */
export const MANAGEMENT_MIGRATIONS: readonly (new () => MigrationInterface)[] = [People1795000000200];
