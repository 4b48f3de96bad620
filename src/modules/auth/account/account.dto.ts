import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsIn, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';

const trimmed = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' ? value.trim() : (value as unknown);
const emptyIsAbsent = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' && value.trim() === '' ? undefined : (value as unknown);

export class NameInput {
  @ApiProperty()
  @Transform(trimmed)
  @IsString({ message: 'is missing' })
  @Length(1, 200, { message: 'has 1 to 200 characters' })
  @Matches(/^[^\p{Cc}]*$/u, { message: 'has no control characters' })
  name!: string;
}

export class ChangePasswordInput {
  @ApiProperty({ description: 'The present one' })
  @IsString({ message: 'is missing' })
  @Length(1, 1000, { message: 'is missing' })
  current!: string;

  @ApiProperty({ description: 'At least 8 characters: both cases, a digit, a symbol; none of the last five' })
  @IsString({ message: 'is missing' })
  @MaxLength(1000, { message: 'has at most 72 bytes' })
  password!: string;
}

/** One of the two is enough. */
export class ConfirmInput {
  @ApiPropertyOptional()
  @Transform(emptyIsAbsent)
  @IsOptional()
  @IsString({ message: 'is your password' })
  @MaxLength(1000, { message: 'is your password' })
  password?: string;

  @ApiPropertyOptional({ description: 'One-time or recovery code' })
  @Transform(emptyIsAbsent)
  @IsOptional()
  @IsString({ message: 'is a code' })
  @MaxLength(100, { message: 'is a code' })
  code?: string;

  @ApiPropertyOptional({ description: 'For the page: where to go afterwards' })
  @IsOptional()
  @IsString({ message: 'is a path' })
  @MaxLength(2000, { message: 'is a path' })
  next?: string;
}

export class CodeInput {
  @ApiProperty({ description: 'Six digits' })
  @IsString({ message: 'is six digits' })
  @Length(1, 100, { message: 'is six digits' })
  code!: string;
}

export class EndSessionsInput {
  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'Keep the session that asks' })
  @IsOptional()
  @IsIn(['true', 'false', true, false], { message: 'is true or false' })
  keepThis?: string | boolean;
}
