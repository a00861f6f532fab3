import { load } from 'cheerio';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';

/** Asks a server as a browser without scripts does: it keeps cookies, and sends the forms of pages. */
export interface Browser {
  cookies: Map<string, string>;
  get(url: string): Promise<LightMyRequestResponse>;
  /** Posts fields as a form does. */
  post(
    url: string,
    fields: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
  /** Posts what the mark of the session alone makes of it, with more fields where they are given. */
  send(
    url: string,
    headers?: Record<string, string>,
    fields?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
  signIn(token: string): Promise<void>;
}

export function openBrowser(server: () => FastifyInstance): Browser {
  const browser: Browser = {
    cookies: new Map(),
    get: (url) => ask({ method: 'GET', url }),
    post: (url, fields, headers = {}) =>
      ask({
        ...{ method: 'POST', url },
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        payload: new URLSearchParams(fields).toString(),
      }),
    async send(url, headers = {}, fields = {}) {
      const page = await browser.get('/sign-in');
      const csrf = load(page.body)('input[name=csrf]').attr('value') ?? '';
      return browser.post(url, { csrf, ...fields }, headers);
    },
    async signIn(token) {
      const answer = await browser.post('/sign-in', { token });
      if (answer.statusCode !== 303) throw new Error(`not signed in: ${answer.statusCode}`);
    },
  };

  async function ask(request: {
    method: 'GET' | 'POST';
    url: string;
    headers?: Record<string, string>;
    payload?: string;
  }) {
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await server().inject({
      ...request,
      headers: { ...request.headers, ...(cookie === '' ? {} : { cookie }) },
    });
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name, value] = /^([^=]+)=([^;]*)/u.exec(line)!;
      if (value === '') browser.cookies.delete(name!);
      else browser.cookies.set(name!, value!);
    }
    return answer;
  }
  return browser;
}

/** The text of a token in a header. */
export function bareToken({ authorization }: { authorization: string }): string {
  return authorization.replace('Bearer ', '');
}
