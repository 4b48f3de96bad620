import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { SANDBOX_TEMPLATES, type SandboxTemplate } from '../../engines/provisioning.js';
import { validationPipe } from '../../platform/http/validation.js';

const NAME = /^[A-Za-z0-9_]{1,64}$/;
const NAME_RULE = { message: 'has letters, digits and underscores, at most 64 of them' };

export class CreateDatabaseInput {
  @ApiProperty({ pattern: NAME.source })
  @Matches(NAME, NAME_RULE)
  name!: string;

  @ApiProperty({ enum: ['postgres'] })
  @IsIn(['postgres'], { message: 'is one of: postgres' })
  engine!: 'postgres';

  @ApiProperty({ enum: SANDBOX_TEMPLATES })
  @IsIn(SANDBOX_TEMPLATES, { message: `is one of: ${SANDBOX_TEMPLATES.join(', ')}` })
  template!: SandboxTemplate;
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
}

/** The same rules as for creating, for what a form was filled with so far. */
export async function acceptDraft({ name, engine, template }: DraftQuery): Promise<CreateDatabaseInput> {
  const given = { name, engine, template };
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
