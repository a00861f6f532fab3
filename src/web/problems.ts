/** Every problem that the API answers with: status, title, and what to do about it. */
export const PROBLEMS = {
  'invalid-query': {
    status: 400,
    title: 'The query is not valid',
    help: 'The detail names each parameter and what it must be. Parameters that the path does not know are refused too, so that a misspelt filter never answers with everything. A token belongs into the Authorization header and is never taken from the address.',
  },
  'invalid-body': {
    status: 422,
    title: 'The request cannot be carried out as it is',
    help: 'The detail names each field and what it must be. Nothing was changed.',
  },
  'bad-request': {
    status: 400,
    title: 'The request is not valid',
    help: 'The request could not be read: it is no HTTP, its body is no JSON or is cut, or its headers contradict each other.',
  },
  'token-missing': {
    status: 401,
    title: 'A token is needed',
    help: 'Send “Authorization: Bearer elw_…”. Whoever runs this service makes tokens with “elwatch tokens create”.',
  },
  'token-refused': {
    status: 401,
    title: 'The token is not known',
    help: 'It was misspelt, was revoked, or belongs to another service. A token is shown once, when it is made; a lost one is replaced by a new one.',
  },
  'scope-missing': {
    status: 403,
    title: 'The token may not do this',
    help: 'The detail says which scope is needed. Scopes cannot be added to a token: make another one.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    help: 'There is nothing at this address, or nothing that this token may see. /openapi.json describes every path.',
  },
  conflict: {
    status: 409,
    title: 'The request contradicts what is there',
    help: 'The detail says what is there already, or what still depends on what was to be removed.',
  },
  'request-under-way': {
    status: 409,
    title: 'A request with this Idempotency-Key is under way',
    help: 'Ask again in a few seconds: the answer of the first request is then repeated.',
  },
  'not-current': {
    status: 412,
    title: 'It was changed in the meantime',
    help: 'The ETag in If-Match is not the one of the present state. Read it again, and repeat the change where it is still wanted.',
  },
  'request-too-slow': {
    status: 408,
    title: 'The request came too slowly',
    help: 'Headers, and a body, must arrive within 30 seconds. A file for a watchlist has ten minutes, as long as 64 kB of it come in each half minute. Nothing was changed: send it again, over a better line or in several watchlists.',
  },
  'body-too-large': {
    status: 413,
    title: 'The request is too large',
    help: 'The detail says how much is taken. Send it in several requests.',
  },
  'headers-too-large': {
    status: 431,
    title: 'The headers are too large',
    help: 'Address and headers may have 16 kB in all. Nothing was read; mostly cookies of other services on the same host are in the way.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'This type of content is not taken',
    help: 'Send JSON with “Content-Type: application/json”, or what /openapi.json names for the path.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The Idempotency-Key was used for another request',
    help: 'A key stands for one request: the same path with the same body. Use a new one for another request.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    help: 'Wait for as many seconds as Retry-After says. Tokens have a limit of their own, requests without one share the limit of their address. To follow changes, use /api/v1/stream or ask with If-None-Match.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong',
    help: 'The fault is on our side and has been logged.',
  },
  'uploads-busy': {
    status: 503,
    title: 'Too many uploads at once',
    help: 'Other files are being taken in. Send this one again after as many seconds as Retry-After says; nothing of it was kept.',
  },
  'not-ready': {
    status: 503,
    title: 'Not ready',
    help: 'The database does not answer, the queue does not wake up, or a source is late; the detail names which. Pages go on with what is known. Ask again in a minute; elwatch doctor looks closer.',
  },
} as const satisfies Record<string, { status: number; title: string; help: string }>;

export type ProblemCode = keyof typeof PROBLEMS;
