import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { LightMyRequestResponse } from 'fastify';

let places = 0;

/** An address that nobody else in this test file came from, so that no limit of one test touches another. */
export function somewhere(): string {
  places += 1;
  return `10.1.${String(Math.floor(places / 250))}.${String(places % 250)}`;
}

/** A browser without a script: keeps cookies, sends forms, follows redirects. */
export class Visitor {
  readonly cookies = new Map<string, string>();

  constructor(
    private readonly app: NestFastifyApplication,
    readonly from = somewhere(),
  ) {}

  async open(url: string): Promise<LightMyRequestResponse> {
    return this.follow(await this.send('GET', url));
  }

  async submit(url: string, fields: Readonly<Record<string, string>> = {}): Promise<LightMyRequestResponse> {
    return this.follow(await this.send('POST', url, fields));
  }

  /** One request, without following where it leads. */
  async send(
    method: 'GET' | 'POST',
    url: string,
    fields?: Readonly<Record<string, string>>,
  ): Promise<LightMyRequestResponse> {
    const answer = await this.app.inject({
      method,
      url,
      remoteAddress: this.from,
      headers: {
        accept: 'text/html',
        'sec-fetch-site': 'same-origin',
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(fields && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(fields && { payload: new URLSearchParams(fields).toString() }),
    });
    for (const { name, value } of answer.cookies) {
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  private async follow(answer: LightMyRequestResponse): Promise<LightMyRequestResponse> {
    const { location } = answer.headers;
    return typeof location === 'string' ? this.open(location) : answer;
  }
}

/** The address in a mail, as a path of this product. */
export function linkIn({ text }: { readonly text: string }): string {
  const [address] = /https?:\/\/\S+/.exec(text) ?? [];
  if (address === undefined) throw new Error('There is no link in the mail.');
  const { pathname, search } = new URL(address);
  return `${pathname}${search}`;
}
