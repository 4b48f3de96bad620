import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { LOGGER, type Logger } from '../logging/logger.js';
import { Registry } from '../health/registry.js';
import { PageFrame } from './page-frame.js';
import { problemView, type ProblemDocument, type ProblemView } from './problem-view.js';
import { problemOf } from './problems.js';
import { Refusals } from './refusals.js';
import { resendOf } from './resend.js';
import { faceOf, type AppRequest } from './request.js';
import { ViewRenderer } from './view-renderer.js';

/** The one place where errors become answers: a problem document, a swapped message or a page. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly renderer: ViewRenderer,
    private readonly frames: PageFrame,
    private readonly refusals: Refusals,
    private readonly registry: Registry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<AppRequest>();
    const reply = http.getResponse<FastifyReply>();
    // A refusal that cannot be recorded is a fault of ours, and shown as one.
    const shown = await this.refusals.record(error, request).then(
      () => error,
      (failure: unknown) => failure,
    );
    await this.answer(shown, request, reply);
  }

  private async answer(error: unknown, request: AppRequest, reply: FastifyReply): Promise<void> {
    const problem = problemOf(error, request.id);
    if (problem.unexpected) this.logger.error({ err: error, requestId: request.id }, 'A request failed');
    if (reply.sent) return;
    void reply.header('vary', 'Accept, HX-Request, HX-Request-Type').header('cache-control', 'no-store');
    if (problem.retryAfter !== null) void reply.header('retry-after', problem.retryAfter);
    // Nobody waits for this method, so nothing may be thrown out of it.
    const body = await this.body(problem.document, request, reply).catch((failure: unknown) => {
      this.logger.error({ err: failure, requestId: request.id }, 'A problem could not be shown');
      return problem.document.detail;
    });
    void reply.send(body);
  }

  private async body(problem: ProblemDocument, request: AppRequest, reply: FastifyReply): Promise<string> {
    const face = faceOf(request);
    void reply.status(problem.status);
    if (face === 'json') {
      void reply.header('content-type', 'application/problem+json; charset=utf-8');
      if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
      return JSON.stringify(problem);
    }
    void reply.header('content-type', 'text/html; charset=utf-8');
    if (problem.status === 401) return this.askToSignIn(problem, request, reply, face === 'fragment');
    if (face === 'fragment') return this.fragment(problem, request);
    return this.renderer.render(
      'problem/index',
      this.viewOf(problem, request),
      await this.frames.forProblem(request, reply),
    );
  }

  private viewOf(problem: ProblemDocument, request: AppRequest): ProblemView {
    const offer = this.registry.offerFor(problem.code, request.actor);
    const sent = offer === null ? null : resendOf(request);
    if (offer === null || sent === null) return problemView(problem);
    return {
      ...problemView(problem),
      offer: { label: offer.label, action: offer.action, fields: sent.fields },
    };
  }

  /** The layout's `hx-status` puts it where messages go, so that nothing somebody typed is replaced. */
  private fragment(problem: ProblemDocument, request: AppRequest): string {
    return this.renderer.renderFragment(
      'partials/problem',
      this.viewOf(problem, request),
      this.frames.forFragment(request),
    );
  }

  /** The page stays as it is, with everything typed on it; a plain form gets what it sent back, to send it again. */
  private async askToSignIn(
    problem: ProblemDocument,
    request: AppRequest,
    reply: FastifyReply,
    swap: boolean,
  ): Promise<string> {
    if (swap) {
      void reply.header('hx-trigger', 'session-ended');
      return this.fragment(problem, request);
    }
    if (request.method === 'GET') {
      void reply.status(303).header('location', `/?next=${encodeURIComponent(request.url)}`);
      return '';
    }
    const view = { ...problemView(problem), resend: resendOf(request) };
    return this.renderer.render('problem/index', view, await this.frames.forProblem(request, reply));
  }
}
