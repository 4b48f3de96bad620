import { ApiProperty } from '@nestjs/swagger';
import { IsString, IsUUID, MaxLength } from 'class-validator';

/** A text for a database, complete or not. */
export class TextInput {
  @ApiProperty()
  @IsUUID(undefined, { message: 'is the id of a database' })
  databaseId!: string;

  @ApiProperty()
  @IsString({ message: 'is a text' })
  @MaxLength(500_000, { message: 'has at most 500,000 characters' })
  sql!: string;
}
