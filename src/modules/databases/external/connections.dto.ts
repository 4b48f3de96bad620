import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { ENGINE_KINDS, type EngineKind } from '../../../engines/engine.js';
import { EXTERNAL_ENVIRONMENTS, type ExternalEnvironment } from './external.types.js';

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/;
const NO_CONTROL = /^[^\p{Cc}]*$/u;
const TLS_MODES = ['off', 'on', 'verify'] as const;

/** Forms send an empty field where JSON leaves one out. */
const given = (_: object, value: unknown): boolean => value !== undefined && value !== '';
const whole = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : value === '' ? undefined : value,
);

export class LoginInput {
  @ApiPropertyOptional({ description: 'Not for SQLite' })
  @ValidateIf(given)
  @IsString({ message: 'is text' })
  @MaxLength(128, { message: 'has at most 128 characters' })
  @Matches(NO_CONTROL, { message: 'has no control characters' })
  username?: string;

  @ApiPropertyOptional({ description: 'Left out on a change: the stored one, unless the server changed' })
  @ValidateIf(given)
  @IsString({ message: 'is text' })
  @MaxLength(1024, { message: 'has at most 1,024 characters' })
  @Matches(NO_CONTROL, { message: 'has no control characters' })
  password?: string;
}

/** Where a database is and how to log in: fields, or a connection string. */
export class PlaceInput {
  @ApiPropertyOptional({ description: 'A name or an address, without port' })
  @ValidateIf(given)
  @IsString({ message: 'is text' })
  @MaxLength(253, { message: 'has at most 253 characters' })
  host?: string;

  @ApiPropertyOptional({ minimum: 1, maximum: 65_535 })
  @whole
  @IsOptional()
  @IsInt({ message: 'is a number from 1 to 65535' })
  port?: number;

  @ApiPropertyOptional({ description: 'Its name; for SQLite the path in the configured folder' })
  @ValidateIf(given)
  @IsString({ message: 'is text' })
  @MaxLength(512, { message: 'has at most 512 characters' })
  @Matches(NO_CONTROL, { message: 'has no control characters' })
  database?: string;

  @ApiPropertyOptional({ type: LoginInput })
  @IsOptional()
  @IsObject({ message: 'is an object with username and password' })
  @ValidateNested()
  @Type(() => LoginInput)
  read?: LoginInput;

  @ApiPropertyOptional({
    type: LoginInput,
    description: 'Without it nothing can be changed; null removes it',
  })
  @IsOptional()
  @IsObject({ message: 'is an object with username and password' })
  @ValidateNested()
  @Type(() => LoginInput)
  write?: LoginInput | null;

  @ApiPropertyOptional({
    description: 'A connection string with the login for reading, instead of the fields',
  })
  @ValidateIf(given)
  @IsString({ message: 'is text' })
  @MaxLength(2048, { message: 'has at most 2,048 characters' })
  uri?: string;

  @ApiPropertyOptional({ description: 'The same server and database with the login for writing' })
  @ValidateIf(given)
  @IsString({ message: 'is text' })
  @MaxLength(2048, { message: 'has at most 2,048 characters' })
  writeUri?: string;

  @ApiPropertyOptional({ enum: TLS_MODES, default: 'verify' })
  @ValidateIf(given)
  @IsIn(TLS_MODES, { message: `is one of: ${TLS_MODES.join(', ')}` })
  tls?: (typeof TLS_MODES)[number];

  @ApiPropertyOptional({
    description: 'Certificates to trust (PEM); without them the well-known authorities',
  })
  @IsOptional()
  @IsString({ message: 'is text' })
  @MaxLength(65_536, { message: 'has at most 65,536 characters' })
  ca?: string;
}

export class CheckConnectionInput extends PlaceInput {
  @ApiProperty({ enum: ENGINE_KINDS })
  @IsIn(ENGINE_KINDS, { message: `is one of: ${ENGINE_KINDS.join(', ')}` })
  engine!: EngineKind;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString({ message: 'is text' })
  name?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString({ message: 'is text' })
  environment?: string;
}

export class RegisterConnectionInput extends PlaceInput {
  @ApiProperty({ enum: ENGINE_KINDS })
  @IsIn(ENGINE_KINDS, { message: `is one of: ${ENGINE_KINDS.join(', ')}` })
  engine!: EngineKind;

  @ApiProperty({ pattern: NAME.source })
  @Matches(NAME, { message: 'has letters, digits, underscores and hyphens, at most 64 of them' })
  name!: string;

  @ApiProperty({ enum: EXTERNAL_ENVIRONMENTS })
  @IsIn(EXTERNAL_ENVIRONMENTS, { message: `is one of: ${EXTERNAL_ENVIRONMENTS.join(', ')}` })
  environment!: ExternalEnvironment;

  @ApiPropertyOptional({ description: 'The pod it belongs to' })
  @ValidateIf(given)
  @IsUUID(undefined, { message: 'is the id of a pod' })
  podId?: string;
}

/** What is left out stays as it is. */
export class ChangeConnectionInput extends PlaceInput {
  @ApiPropertyOptional({ pattern: NAME.source })
  @IsOptional()
  @Matches(NAME, { message: 'has letters, digits, underscores and hyphens, at most 64 of them' })
  name?: string;

  @ApiPropertyOptional({ enum: EXTERNAL_ENVIRONMENTS })
  @IsOptional()
  @IsIn(EXTERNAL_ENVIRONMENTS, { message: `is one of: ${EXTERNAL_ENVIRONMENTS.join(', ')}` })
  environment?: ExternalEnvironment;

  @ApiPropertyOptional({
    description: 'By role and class (read, dml, ddl): run, needs_approval, refuse; null for the usual',
  })
  @Transform(({ value }: { value: unknown }) => (value === '' ? null : value))
  @IsOptional()
  @IsObject({ message: 'says for each role and class: run, needs_approval or refuse' })
  rules?: object | null;
}

export class NewConnectionQuery {
  @ApiPropertyOptional({ enum: ENGINE_KINDS })
  @IsOptional()
  @IsIn(ENGINE_KINDS, { message: `is one of: ${ENGINE_KINDS.join(', ')}` })
  engine?: EngineKind;
}

export class RemoveConnectionInput {
  @ApiProperty({ description: 'The name of the database' })
  @IsString({ message: 'is the name of the database' })
  confirm!: string;
}

export class ConnectionTabQuery {
  @ApiPropertyOptional({ enum: ['overview', 'rules', 'settings', 'history'] })
  @IsOptional()
  @IsIn(['overview', 'rules', 'settings', 'history'], { message: 'is a tab of the page' })
  tab?: 'overview' | 'rules' | 'settings' | 'history';
}
