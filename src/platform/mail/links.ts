import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:net';
import { CONFIG, type Config } from '../config/config.js';

/**
 * Addresses for mails and other messages that leave the product. They are made from the configuration, never from the
 * Host header of whoever asked: else anybody could have a reset link sent that leads to their own server.
 */
@Injectable()
export class Links {
  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(CONFIG) private readonly config: Pick<Config, 'http'>,
  ) {}

  /** `to('/auth/verify', { token })` */
  to(path: string, query: Readonly<Record<string, string>> = {}): string {
    const url = new URL(path, this.origin());
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url.toString();
  }

  private origin(): string {
    const { publicUrl, host, port } = this.config.http;
    if (publicUrl !== null) return publicUrl;
    const named = host.includes(':') ? `[${host}]` : host;
    return `http://${named}:${String(this.listeningPort() ?? port)}`;
  }

  /** With PORT=0 the system chooses. */
  private listeningPort(): number | null {
    const adapter = this.host.httpAdapter as typeof this.host.httpAdapter | undefined;
    const server = adapter?.getHttpServer() as Server | undefined;
    const address = server?.address();
    return typeof address === 'object' && address !== null ? address.port : null;
  }
}
