import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, IsUUID, Matches, Max, Min } from 'class-validator';
import { SANDBOX_TEMPLATES, type SandboxTemplate } from '../../engines/provisioning.js';
import { SANDBOX_ENGINES, type SandboxEngine } from './databases.types.js';
import { validationPipe } from '../../platform/http/validation.js';

const NAME = /^[A-Za-z0-9_]{1,64}$/;
const ENCODING = /^[a-z0-9_]{1,64}$/;

/** A form sends what nobody chose as an empty text. */
const EmptyIsAbsent = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (value === '' ? undefined : value));
const NAME_RULE = { message: 'has letters, digits and underscores, at most 64 of them' };

export class CreateDatabaseInput {
  @ApiProperty({ pattern: NAME.source })
  @Matches(NAME, NAME_RULE)
  name!: string;

  @ApiProperty({ enum: SANDBOX_ENGINES })
  @IsIn(SANDBOX_ENGINES, { message: `is one of: ${SANDBOX_ENGINES.join(', ')}` })
  engine!: SandboxEngine;

  @ApiProperty({ enum: SANDBOX_TEMPLATES })
  @IsIn(SANDBOX_TEMPLATES, { message: `is one of: ${SANDBOX_TEMPLATES.join(', ')}` })
  template!: SandboxTemplate;

  @ApiPropertyOptional({
    description: 'The server to make it on; without it the one with most room is taken',
  })
  @IsOptional()
  @EmptyIsAbsent()
  @IsUUID('all', { message: 'is the id of a server' })
  serverId?: string;

  @ApiPropertyOptional({ description: 'Of engines that leave a choice, such as mysql' })
  @IsOptional()
  @EmptyIsAbsent()
  @Matches(ENCODING, { message: 'is the name of a character set' })
  characterSet?: string;

  @ApiPropertyOptional({ description: 'One of the collations of the character set' })
  @IsOptional()
  @EmptyIsAbsent()
  @Matches(ENCODING, { message: 'is the name of a collation' })
  collation?: string;
}

/** What the form begins with; nothing of it has to be right yet. */
export class DraftQuery {
  @ApiPropertyOptional()
  @IsOptional()
  @IsString({ message: 'is text' })
  name?: string;

  @ApiPropertyOptional({ enum: SANDBOX_TEMPLATES })
  @IsOptional()
  @IsString({ message: 'is text' })
  template?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString({ message: 'is text' })
  engine?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString({ message: 'is text' })
  serverId?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString({ message: 'is text' })
  collation?: string;
}

/** The same rules as for creating, for what a form was filled with so far. */
export async function acceptDraft(draft: DraftQuery): Promise<CreateDatabaseInput> {
  const { name, engine, template, serverId } = draft;
  // A form keeps what was chosen for another engine before.
  const collation = engine === 'mysql' ? draft.collation : undefined;
  const given = { name, engine, template, serverId, collation };
  const metatype = CreateDatabaseInput;
  return (await validationPipe().transform(given, { type: 'query', metatype })) as CreateDatabaseInput;
}

export class CloneInput {
  @ApiProperty({ pattern: NAME.source })
  @Matches(NAME, NAME_RULE)
  name!: string;
}

export class DeleteInput {
  @ApiProperty({ description: 'The name of the database' })
  @IsString({ message: 'is the name of the database' })
  confirm!: string;
}

export class SettingsInput {
  @ApiPropertyOptional({ description: 'Minutes without use after which it is stopped; 0 means never' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? Number(value) : value))
  @IsInt({ message: 'is a whole number of minutes' })
  @Min(0, { message: 'is 0 or more' })
  @Max(525_600, { message: 'is a year at most' })
  autoStopMinutes?: number;

  @ApiPropertyOptional({ description: 'Refuse deleting and resetting' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean({ message: 'is true or false' })
  protected?: boolean;
}

export class TabQuery {
  @ApiPropertyOptional({ enum: ['overview', 'access', 'settings', 'history'] })
  @IsOptional()
  @IsIn(['overview', 'access', 'settings', 'history'], { message: 'is a tab of the page' })
  tab?: 'overview' | 'access' | 'settings' | 'history';
}
