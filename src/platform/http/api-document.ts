import { Injectable, type INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ENCODED, type PreEncoded } from './answers.js';

export interface ApiOperation {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly body: string | null;
}

export interface ApiDocsPage {
  readonly version: string;
  readonly groups: readonly { readonly name: string; readonly operations: readonly ApiOperation[] }[];
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The OpenAPI document of the running controllers, made when it is asked for first. */
@Injectable()
export class ApiDocument {
  private build: (() => OpenAPIObject) | null = null;
  private document: OpenAPIObject | null = null;

  /** Tells which application to describe; called once it stands. */
  describe(app: INestApplication): void {
    const config = new DocumentBuilder()
      .setTitle('CloudDB Manager')
      .setVersion('1')
      .addServer('/api/v1')
      .addBearerAuth()
      .addSecurityRequirements('bearer')
      .build();
    this.build = () => SwaggerModule.createDocument(app, config);
  }

  openApi(): OpenAPIObject {
    if (this.build === null) throw new Error('The application to describe is not known yet.');
    this.document ??= this.build();
    return this.document;
  }

  /** The document for people; as JSON it is the OpenAPI document itself. */
  page(): ApiDocsPage & PreEncoded {
    const document = this.openApi();
    const operations = operationsOf(document);
    const names = [...new Set(operations.map((operation) => operation.group))];
    return {
      version: document.info.version,
      groups: names.map((name) => ({
        name,
        operations: operations.filter((operation) => operation.group === name),
      })),
      [ENCODED]: () => Buffer.from(JSON.stringify(document)),
    };
  }
}

function operationsOf(document: OpenAPIObject): (ApiOperation & { group: string })[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ method: method.toUpperCase(), path, ...factsOf(operation) }];
    }),
  );
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

function factsOf(operation: Operation): Omit<ApiOperation, 'method' | 'path'> & { group: string } {
  const parameters = (operation.parameters ?? []).flatMap((parameter) =>
    'name' in parameter
      ? [{ name: parameter.name, in: parameter.in, required: parameter.required === true }]
      : [],
  );
  const { tags, summary = '' } = operation;
  return { group: tags?.[0] ?? 'other', summary, parameters, body: bodyOf(operation) };
}

function bodyOf({ requestBody }: Operation): string | null {
  if (requestBody === undefined || !('content' in requestBody)) return null;
  const schema = requestBody.content['application/json']?.schema;
  return schema !== undefined && '$ref' in schema ? (schema.$ref.split('/').at(-1) ?? null) : null;
}
