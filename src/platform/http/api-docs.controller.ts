import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../access/access.decorators.js';
import { ApiDocument, type ApiDocsPage } from './api-document.js';
import { Page, type PreEncoded } from './answers.js';

/** The API described by itself: a page for people, the OpenAPI document for `Accept: application/json`. */
@ApiExcludeController()
@Controller('api/docs')
export class ApiDocsController {
  constructor(private readonly document: ApiDocument) {}

  @Get()
  @Public()
  show(): Page<ApiDocsPage & PreEncoded> {
    return new Page('api/docs', null, this.document.page());
  }
}
