import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Done, Download, ENCODED, Page, Versioned, type PreEncoded } from './answers.js';
import { attachment } from './file-names.js';
import { leaveFlash } from './flash.js';
import { PageFrame } from './page-frame.js';
import { faceOf, type AppRequest } from './request.js';
import { writeVersioned } from './versioned-answer.js';
import { ViewRenderer } from './view-renderer.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const HTML_TYPE = 'text/html; charset=utf-8';
const BY_FACE = { vary: 'Accept, HX-Request, HX-Request-Type' };

/** What handlers answer. */
export type Answer = Page<object> | Done<object> | Versioned | Download;

export function isAnswer(answer: unknown): answer is Answer {
  return (
    answer instanceof Page ||
    answer instanceof Done ||
    answer instanceof Versioned ||
    answer instanceof Download
  );
}

/** Writes a Page or a Done as JSON, as a fragment or as a whole page, as the request asked. */
@Injectable()
export class AnswerWriter {
  constructor(
    private readonly renderer: ViewRenderer,
    private readonly frames: PageFrame,
  ) {}

  /** Sends the answer; a promise when a page has to be gathered first. */
  send(answer: Answer, reply: FastifyReply): FastifyReply | Promise<FastifyReply> {
    const request = reply.request as AppRequest;
    if (answer instanceof Versioned) return reply.send(writeVersioned(answer, request, reply));
    if (answer instanceof Download) return sendFile(answer, reply);
    void reply.headers(BY_FACE);
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    if (!isPage(answer)) applyHeaders(answer, reply);
    const face = faceOf(request);
    if (face === 'json') return this.json(answer.model, answer.status, reply);
    const swap = face === 'fragment';
    const html = isPage(answer)
      ? this.page(answer, swap, request, reply)
      : this.done(answer, swap, request, reply);
    return html.then((text) => reply.send(text));
  }

  private json(model: object, status: number, reply: FastifyReply): FastifyReply {
    const body = ENCODED in model ? (model as PreEncoded)[ENCODED]() : JSON.stringify(model);
    return reply.status(status).header('content-type', JSON_TYPE).send(body);
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

function sendFile({ name, contentType, body }: Download, reply: FastifyReply): FastifyReply {
  const headers = { 'content-type': contentType, 'content-disposition': attachment(name) };
  return reply
    .status(200)
    .headers({ ...headers, 'cache-control': 'no-store' })
    .send(body);
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
