import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length, MaxLength } from 'class-validator';

export class ForgotInput {
  @ApiProperty({ format: 'email' })
  @IsString({ message: 'is your e-mail address' })
  @Length(1, 254, { message: 'is your e-mail address' })
  email!: string;
}

export class ResetInput {
  @ApiPropertyOptional({ description: 'The token in the link; pages keep it in a cookie' })
  @IsOptional()
  @IsString({ message: 'is the token in the link' })
  @MaxLength(200, { message: 'is the token in the link' })
  token?: string;

  /** Pages repeat whose password it is, for the form to say so again; it decides nothing. */
  @IsOptional()
  @IsString({ message: 'is an e-mail address' })
  @MaxLength(254, { message: 'is an e-mail address' })
  email?: string;

  @ApiProperty({ description: 'At least 8 characters: both cases, a digit, a symbol; none of the last five' })
  @IsString({ message: 'is missing' })
  @MaxLength(1000, { message: 'has at most 72 bytes' })
  password!: string;
}
