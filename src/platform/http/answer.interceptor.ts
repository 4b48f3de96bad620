import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { concatMap, type Observable } from 'rxjs';
import { Done, ENCODED, Page, Versioned, type PreEncoded } from './answers.js';
import { leaveFlash } from './flash.js';
import { PageFrame } from './page-frame.js';
import { faceOf, type AppRequest } from './request.js';
import { writeVersioned } from './versioned-answer.js';
import { ViewRenderer } from './view-renderer.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const HTML_TYPE = 'text/html; charset=utf-8';

/** Writes a Page or a Done as JSON, as a fragment or as a whole page, as the request asked. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  constructor(
    private readonly renderer: ViewRenderer,
    private readonly frames: PageFrame,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<AppRequest>();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(concatMap(async (answer) => this.write(answer, request, reply)));
  }

  private async write(answer: unknown, request: AppRequest, reply: FastifyReply): Promise<unknown> {
    if (answer instanceof Versioned) return writeVersioned(answer, request, reply);
    if (!isAnswer(answer)) return answer;
    void reply.header('vary', 'Accept, HX-Request, HX-Request-Type');
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    if (!isPage(answer)) applyHeaders(answer, reply);
    const face = faceOf(request);
    if (face === 'json') return this.json(answer.model, answer.status, reply);
    const swap = face === 'fragment';
    return isPage(answer) ? this.page(answer, swap, request, reply) : this.done(answer, swap, request, reply);
  }

  private json(model: object, status: number, reply: FastifyReply): Buffer | string {
    void reply.status(status).header('content-type', JSON_TYPE);
    return ENCODED in model ? (model as PreEncoded)[ENCODED]() : JSON.stringify(model);
  }

  private async page(
    answer: Page<object>,
    swap: boolean,
    request: AppRequest,
    reply: FastifyReply,
  ): Promise<string> {
    void reply.status(answer.status).header('content-type', HTML_TYPE);
    const { template, fragment, model, wholeModel } = answer;
    if (swap && fragment !== null) {
      return this.renderer.renderFragment(fragment, model, this.frames.forFragment(request));
    }
    const whole = wholeModel === null ? model : await wholeModel();
    return this.renderer.render(template, whole, await this.frames.forPage(request, reply));
  }

  private async done(
    answer: Done<object>,
    swap: boolean,
    request: AppRequest,
    reply: FastifyReply,
  ): Promise<string> {
    void reply.status(200).header('content-type', HTML_TYPE);
    if (swap && answer.fragment !== null) {
      return this.renderer.renderFragment(answer.fragment, answer.model, this.frames.forFragment(request));
    }
    if (answer.page !== null && !swap) {
      return this.renderer.render(answer.page, answer.model, await this.frames.forPage(request, reply));
    }
    if (answer.flash !== null) leaveFlash(reply, answer.flash);
    if (swap) void reply.header('hx-location', answer.address);
    else void reply.status(303).header('location', answer.address);
    return '';
  }
}

function applyHeaders(answer: Done<object>, reply: FastifyReply): void {
  void reply.headers(answer.headers);
  for (const { name, value, secure, maxAgeSeconds } of answer.cookies) {
    const options = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
    if (value === null) void reply.clearCookie(name, options);
    else void reply.setCookie(name, value, { ...options, maxAge: maxAgeSeconds });
  }
}

function isPage(answer: Page<object> | Done<object>): answer is Page<object> {
  return answer instanceof Page;
}

function isAnswer(answer: unknown): answer is Page<object> | Done<object> {
  return answer instanceof Page || answer instanceof Done;
}
