import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { isAnswer, type AnswerWriter } from './answer-writer.js';

/**
 * Nest on Fastify, with our answers where Nest sends what a handler returned. An interceptor would do the same by way
 * of four observables for each request, which is as much work as all the rest of the framework.
 */
export class AppAdapter extends FastifyAdapter {
  private answers: AnswerWriter | null = null;

  /** The writer exists only when the application does. */
  answerWith(answers: AnswerWriter): void {
    this.answers = answers;
  }

  override reply(response: FastifyReply, body: unknown, statusCode?: number): FastifyReply {
    if (this.answers === null || !isAnswer(body)) return super.reply(response, body, statusCode);
    const sending = this.answers.send(body, response);
    // Whoever awaits a reply listens for its end; there is nothing to wait for when it is written already.
    return (response.raw.writableEnded ? undefined : sending) as FastifyReply;
  }
}
