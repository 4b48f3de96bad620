import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsEmail, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';

/** Forms send an empty field where API clients leave it out. */
const emptyIsAbsent = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' && value.trim() === '' ? undefined : (value as unknown);
const trimmed = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' ? value.trim() : (value as unknown);

const NO_CONTROLS = /^[^\p{Cc}]*$/u;

export class RegisterInput {
  @ApiProperty({ format: 'email' })
  @Transform(trimmed)
  @IsEmail({ allow_display_name: false }, { message: 'is an e-mail address such as mara@example.com' })
  @MaxLength(254, { message: 'has at most 254 characters' })
  email!: string;

  @ApiProperty({ description: 'At least 8 characters: both cases, a digit, a symbol' })
  @IsString({ message: 'is missing' })
  @MaxLength(1000, { message: 'has at most 72 bytes' })
  password!: string;

  @ApiProperty()
  @Transform(trimmed)
  @IsString({ message: 'is missing' })
  @Length(1, 100, { message: 'has 1 to 100 characters' })
  @Matches(NO_CONTROLS, { message: 'has no control characters' })
  firstName!: string;

  @ApiProperty()
  @Transform(trimmed)
  @IsString({ message: 'is missing' })
  @Length(1, 100, { message: 'has 1 to 100 characters' })
  @Matches(NO_CONTROLS, { message: 'has no control characters' })
  lastName!: string;

  @ApiPropertyOptional({ description: 'Name of a new organisation, of which one is then the administrator' })
  @Transform(emptyIsAbsent)
  @IsOptional()
  @IsString({ message: 'is a name' })
  @Length(2, 100, { message: 'has 2 to 100 characters' })
  @Matches(NO_CONTROLS, { message: 'has no control characters' })
  organisation?: string;

  @ApiPropertyOptional({ description: 'The token of an invitation, which was sent to this address' })
  @Transform(emptyIsAbsent)
  @IsOptional()
  @IsString({ message: 'is the token in the link of the invitation' })
  @MaxLength(200, { message: 'is the token in the link of the invitation' })
  invitation?: string;
}

export class VerifyInput {
  @ApiPropertyOptional({ description: 'The token in the link; pages keep it in a cookie' })
  @Transform(emptyIsAbsent)
  @IsOptional()
  @IsString({ message: 'is the token in the link' })
  @MaxLength(200, { message: 'is the token in the link' })
  token?: string;
}

export class ResendInput {
  @ApiPropertyOptional({ format: 'email', description: 'Pages know it from the sign-in that has begun' })
  @Transform(emptyIsAbsent)
  @IsOptional()
  @IsString({ message: 'is an e-mail address' })
  @MaxLength(254, { message: 'is an e-mail address' })
  email?: string;
}
