import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, IsUUID, Length, MaxLength } from 'class-validator';

export class SignInInput {
  @ApiProperty()
  @IsString({ message: 'is your e-mail address' })
  @Length(1, 254, { message: 'is your e-mail address' })
  email!: string;

  @ApiProperty()
  @IsString({ message: 'is your password' })
  @Length(1, 1000, { message: 'is your password' })
  password!: string;

  @ApiPropertyOptional({
    description: 'Id or name; needed when the account belongs to several organisations',
  })
  @IsOptional()
  @IsString({ message: 'is the id or the name of an organisation' })
  @MaxLength(200, { message: 'is the id or the name of an organisation' })
  tenant?: string;

  @ApiPropertyOptional({ description: 'One-time or recovery code, where a second factor is set up' })
  @IsOptional()
  @IsString({ message: 'is a code' })
  @MaxLength(100, { message: 'is a code' })
  code?: string;

  @ApiPropertyOptional({ description: 'Token of an invitation to accept' })
  @IsOptional()
  @IsString({ message: 'is the token in the link of an invitation' })
  @MaxLength(200, { message: 'is the token in the link of an invitation' })
  invitation?: string;

  @ApiPropertyOptional({ description: 'For the page: where to go afterwards' })
  @IsOptional()
  @IsString({ message: 'is a path' })
  @MaxLength(2000, { message: 'is a path' })
  next?: string;
}

export class SwitchInput {
  @ApiProperty({ format: 'uuid' })
  @IsUUID(undefined, { message: 'is the id of an organisation' })
  tenantId!: string;
}
