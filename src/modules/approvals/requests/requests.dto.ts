import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  IsDate,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
} from 'class-validator';
import { RUN_MODES, type RunMode } from './requests.types.js';

const given = (_: object, value: unknown): boolean => value !== undefined && value !== '' && value !== null;
const time = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' && value !== '' ? new Date(value) : value === '' ? undefined : value,
);
const whole = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value === '' ? undefined : value,
);
const emptyText = Transform(({ value }: { value: unknown }) => (value === undefined ? '' : value));
const TIME_RULE = { message: 'is a time such as 2026-12-01T18:00:00Z' };

export class RequestFormInput {
  @ApiProperty()
  @IsUUID(undefined, { message: 'is the id of a database' })
  databaseId!: string;

  @ApiPropertyOptional({ description: 'Whose managers decide beside those of the database' })
  @ValidateIf(given)
  @IsUUID(undefined, { message: 'is the id of a pod' })
  podId?: string;

  @ApiProperty({ type: String, enum: ['sql'], default: 'sql' })
  @Transform(({ value }: { value: unknown }) => value ?? 'sql')
  @IsIn(['sql'], { message: 'is one of: sql' })
  kind = 'sql';

  @ApiPropertyOptional({ type: String })
  @emptyText
  @IsString({ message: 'is text' })
  @MaxLength(200, { message: 'has at most 200 characters' })
  title = '';

  @ApiProperty()
  @IsString({ message: 'is what shall run' })
  @MaxLength(500_000, { message: 'has at most 500,000 characters' })
  text!: string;

  @ApiProperty({ description: 'Why it is needed' })
  @IsString({ message: 'says why it is needed' })
  @MinLength(3, { message: 'says why it is needed' })
  @MaxLength(4000, { message: 'has at most 4,000 characters' })
  reason!: string;

  @ApiPropertyOptional({ type: String, enum: RUN_MODES, default: 'on_approval' })
  @Transform(({ value }: { value: unknown }) => (value === undefined || value === '' ? 'on_approval' : value))
  @IsIn(RUN_MODES, { message: `is one of: ${RUN_MODES.join(', ')}` })
  run: RunMode = 'on_approval';

  @ApiPropertyOptional({ description: 'With run=at: when' })
  @time
  @IsOptional()
  @IsDate(TIME_RULE)
  scheduledFor?: Date;

  @ApiPropertyOptional({ description: 'It runs only from here' })
  @time
  @IsOptional()
  @IsDate(TIME_RULE)
  windowFrom?: Date;

  @ApiPropertyOptional({ description: 'It runs only until here' })
  @time
  @IsOptional()
  @IsDate(TIME_RULE)
  windowUntil?: Date;
}

export class ApproveInput {
  @ApiProperty({ description: 'The version that you looked at' })
  @whole
  @IsInt({ message: 'is the version that you looked at' })
  version!: number;

  @ApiPropertyOptional({ type: String })
  @emptyText
  @IsString({ message: 'is text' })
  @MaxLength(4000, { message: 'has at most 4,000 characters' })
  comment = '';

  @ApiPropertyOptional({
    description:
      'Roll back if the execution changes more or fewer rows than the preview by this number; 0: exactly the same rows',
  })
  @whole
  @IsOptional()
  @IsInt({ message: 'is a number of rows' })
  @Min(0, { message: 'is at least 0' })
  tolerance?: number;
}

export class RejectInput {
  @ApiProperty({ description: 'The version that you looked at' })
  @whole
  @IsInt({ message: 'is the version that you looked at' })
  version!: number;

  @ApiProperty({ description: 'Why not' })
  @IsString({ message: 'says why not' })
  @Matches(/\S[^]{2}/, { message: 'says why not' })
  @MaxLength(4000, { message: 'has at most 4,000 characters' })
  comment!: string;
}

export class CommentInput {
  @ApiProperty()
  @IsString({ message: 'is text' })
  @Matches(/\S/, { message: 'has some text' })
  @MaxLength(4000, { message: 'has at most 4,000 characters' })
  comment!: string;
}

export class UndoInput {
  @ApiProperty({ description: 'Why it is to be taken back' })
  @IsString({ message: 'says why it is to be taken back' })
  @MinLength(3, { message: 'says why it is to be taken back' })
  @MaxLength(4000, { message: 'has at most 4,000 characters' })
  reason!: string;
}

export class RequestsQuery {
  @ApiPropertyOptional({ enum: ['waiting', 'mine', 'all'] })
  @ValidateIf(given)
  @IsIn(['waiting', 'mine', 'all'], { message: 'is one of: waiting, mine, all' })
  show?: 'waiting' | 'mine' | 'all';

  @ApiPropertyOptional({ description: 'The number of the last request seen' })
  @whole
  @IsOptional()
  @IsInt({ message: 'is the number of a request' })
  before?: number;
}

export class NewRequestQuery {
  @ApiPropertyOptional()
  @ValidateIf(given)
  @IsUUID(undefined, { message: 'is the id of a database' })
  databaseId?: string;

  @ApiPropertyOptional({ description: 'The text to begin with' })
  @IsOptional()
  @IsString({ message: 'is text' })
  @MaxLength(500_000, { message: 'has at most 500,000 characters' })
  text?: string;

  @ApiPropertyOptional({ description: 'A request whose text to begin with' })
  @ValidateIf(given)
  @IsUUID(undefined, { message: 'is the id of a request' })
  from?: string;
}

/** The form of the workbench, as it was refused there. */
export class DraftInput {
  @ApiProperty()
  @IsUUID(undefined, { message: 'is the id of a database' })
  databaseId!: string;

  @ApiProperty({ description: 'The text that was refused' })
  @IsString({ message: 'is text' })
  @MaxLength(500_000, { message: 'has at most 500,000 characters' })
  sql!: string;
}
