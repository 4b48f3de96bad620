import fastifyCompress from '@fastify/compress';
import fastifyCookie from '@fastify/cookie';
import type { NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyBodyParser, FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { AppModule } from './app.module.js';
import type { Config } from './platform/config/config.js';
import { Egress, type Endpoint } from './platform/egress/egress.js';
import { AnswerWriter } from './platform/http/answer-writer.js';
import { ApiDocument } from './platform/http/api-document.js';
import { Metrics } from './platform/health/metrics.js';
import { AppAdapter } from './platform/http/app-adapter.js';
import { registerAssets } from './platform/http/assets.js';
import { refuseCrossSite } from './platform/http/cross-site.js';
import { Drain } from './platform/http/drain.js';
import { parseForm } from './platform/http/form-body.js';
import { rewriteUrl } from './platform/http/request.js';
import { registerSecurityHeaders } from './platform/http/security-headers.js';
import { NestLogger, type Logger } from './platform/logging/logger.js';
import { newId } from './platform/persistence/ids.js';

const BODY_LIMIT = 1_048_576;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 72_000;

/** Builds the whole application, ready to listen or to be injected requests. */
export async function createApp(config: Config, logger: Logger): Promise<NestFastifyApplication> {
  const adapter = new AppAdapter({
    rewriteUrl,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    trustProxy: config.http.trustProxy ?? false,
    forceCloseConnections: true,
    genReqId: requestIds(config.http.trustProxy !== null),
    routerOptions: { maxParamLength: 200 },
  });
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class, and takes literals
  const options: NestApplicationOptions = { logger: new NestLogger(logger), abortOnError: false };
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config, logger),
    adapter,
    options,
  );
  adapter.answerWith(app.get(AnswerWriter));
  const server: FastifyInstance = app.getHttpAdapter().getInstance();
  app.useBodyParser('application/json', { bodyLimit: BODY_LIMIT }, jsonParser(server));
  app.useBodyParser('application/x-www-form-urlencoded', { bodyLimit: BODY_LIMIT }, parseForm);
  await registerPlugins(server);
  registerSecurityHeaders(server, config.http.publicUrl?.startsWith('https:') === true);
  registerHooks(server, config, { drain: app.get(Drain), metrics: app.get(Metrics), logger });
  await registerAssets(server);
  app.get(Egress).protect(() => listening(server));
  app.get(ApiDocument).describe(app);
  await app.init();
  await server.ready();
  return app;
}

/** Where this process itself answers; empty while it does not. */
function listening(server: FastifyInstance): Endpoint[] {
  return server
    .addresses()
    .flatMap((at) => (typeof at === 'string' ? [] : [{ host: at.address, port: at.port }]));
}

/** A proxy that is trusted may name the request; anybody else's name is replaced. */
function requestIds(trusted: boolean): (request: IncomingMessage) => string {
  return (request) => {
    const given = request.headers['x-request-id'];
    return trusted && typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : newId();
  };
}

/** Many clients name the type also where there is no body to send: that is an empty object, not a mistake. */
function jsonParser(server: FastifyInstance): FastifyBodyParser<Buffer> {
  const parse = server.getDefaultJsonParser('error', 'error');
  return (request, body, done) => {
    if (body.length === 0) done(null, {});
    else void parse(request, body.toString(), done);
  };
}

async function registerPlugins(server: FastifyInstance): Promise<void> {
  await server.register(fastifyCookie);
  // JSON results and files go out as they are: compressing one takes longer than making it.
  await server.register(fastifyCompress, {
    encodings: ['br', 'gzip'],
    customTypes: /^text\/(?:html|plain)/,
    brotliOptions: { params: { 1: 4 } },
  });
}

function registerHooks(
  server: FastifyInstance,
  config: Config,
  { drain, metrics, logger }: { drain: Drain; metrics: Metrics; logger: Logger },
): void {
  const publicOrigin = config.http.publicUrl === null ? null : new URL(config.http.publicUrl).origin;
  server.addHook('onRequest', (request, reply, done) => {
    drain.entered();
    reply.raw.once('close', () => {
      drain.left();
    });
    void reply.header('x-request-id', request.id);
    if (drain.draining) void reply.header('connection', 'close');
    refuseCrossSite(request, publicOrigin);
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { method, id, routeOptions } = request;
    const route = routeOptions.url ?? 'none';
    metrics.answered(method, route, reply.statusCode, reply.elapsedTime / 1000);
    const facts = { requestId: id, method, route, status: reply.statusCode };
    logger.debug({ ...facts, ms: Math.round(reply.elapsedTime) }, 'Answered');
    done();
  });
}
