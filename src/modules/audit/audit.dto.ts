import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsUUID, Matches, MaxLength, ValidateIf } from 'class-validator';

const given = (_: object, value: unknown): boolean => value !== undefined && value !== '';

/** Filters of the audit log; an empty one counts as not given, as forms send them. */
export class AuditQuery {
  @ApiPropertyOptional({ description: 'Part of a name or an e-mail address' })
  @IsOptional()
  @MaxLength(200, { message: 'has at most 200 characters' })
  actor?: string;

  @ApiPropertyOptional({ example: 'database.create' })
  @ValidateIf(given)
  @Matches(/^[a-z_]+\.[a-z_]+$/, { message: 'is an action such as database.create' })
  action?: string;

  @ApiPropertyOptional({ description: 'Part of the name or id of what was acted on' })
  @IsOptional()
  @MaxLength(200, { message: 'has at most 200 characters' })
  object?: string;

  @ApiPropertyOptional({ example: '2026-11-24' })
  @ValidateIf(given)
  @Matches(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, { message: 'is a date such as 2026-11-24' })
  from?: string;

  @ApiPropertyOptional({ example: '2026-11-24', description: 'Includes that day' })
  @ValidateIf(given)
  @Matches(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, { message: 'is a date such as 2026-11-24' })
  to?: string;

  @ApiPropertyOptional({ description: 'The id of the last entry seen' })
  @ValidateIf(given)
  @IsUUID(undefined, { message: 'is the id of an entry' })
  before?: string;
}
