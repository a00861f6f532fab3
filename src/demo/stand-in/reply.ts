/** An answer before faults and compression are laid over it. */
export interface Reply {
  status: number;
  type: string;
  body: Buffer;
  headers?: Record<string, string>;
}

export function replyJson(value: unknown, status = 200): Reply {
  return {
    status,
    type: 'application/json; charset=utf-8',
    body: Buffer.from(JSON.stringify(value)),
    // Every action says so, errors too; proxies on the way believe it (sources, §1.9).
    headers: { 'cache-control': 'max-age=86400, public' },
  };
}

export function replyXml(body: Buffer, type = 'text/xml'): Reply {
  return { status: 200, type, body };
}

export function replyHtml(title: string, status: number): Reply {
  const body = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return { status, type: 'text/html; charset=utf-8', body: Buffer.from(body) };
}

/** The API's own "no such record" (sources, §1.9). */
export function replyNotFound(): Reply {
  return replyJson({ status: 404, message: 'Record Not Found' }, 404);
}
