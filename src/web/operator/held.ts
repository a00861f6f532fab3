import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isDay } from '../../days.ts';
import { ElwatchError } from '../../errors.ts';
import { countDocuments, findDocument, listDocuments, type StoredDocument } from '../../store/documents.ts';
import { type Form, HTML } from '../form-scope.ts';
import { type HeldFields, heldPath, renderHeldPage, renderHeldQueuePage } from '../pages/operator/held.ts';
import { readRows } from '../read-page.ts';
import { sentence } from '../sentence.ts';
import { sessionOf } from '../session.ts';
import type { HeldDecision, OperatorParts } from './operator-parts.ts';

/** Longer ones are for the command line: a form may have 16 KB, and each sign of a tag takes three of them. */
const MOST_WORDS = 2_000;
const NO_FIELDS: HeldFields = { find: '', by: '', reason: '' };

type OfDocument = {
  Params: { day: string; number: string };
  Querystring: { done?: unknown };
  Body: Form | undefined;
};
type OfDecision = OfDocument & { Params: { what: string } };

/** Adds the queue of held documents, and the page on which one is decided about. */
export function addHeld(scope: FastifyInstance, { db, baseUrl, operator }: OperatorParts): void {
  const find = async ({ day, number }: OfDocument['Params']) =>
    isDay(day) ? findDocument(db, number.slice(0, 60), day) : null;

  scope.get('/operator/held', async (request, reply) => {
    const found = await readRows(request.query, await countDocuments(db, 'held'), (range) =>
      listDocuments(db, { status: 'held', order: 'oldest', ...range }),
    );
    const rows = [];
    for (const document of found.rows) rows.push({ document, detail: await operator.heldDetail(document) });
    return reply.type(HTML).send(renderHeldQueuePage({ ...found, rows }, sessionOf(request), baseUrl));
  });

  scope.get<OfDocument>('/operator/held/:day/:number', async (request, reply) => {
    const document = await find(request.params);
    if (document === null) return reply.callNotFound();
    return show(request, reply, document, { isDone: request.query.done === 'yes' });
  });

  scope.post<OfDecision>('/operator/held/:day/:number/:what', async (request, reply) => {
    const document = await find(request.params);
    if (document === null) return reply.callNotFound();
    const fields = readFields(request.body);
    const { what } = request.params;
    try {
      if (what === 'undo') await operator.undo(document);
      else {
        const decision = readDecision(what, fields);
        if (decision === null) return reply.callNotFound();
        const { name: who } = sessionOf(request);
        await operator.decide(document, decision, { who, reason: fields.reason });
      }
    } catch (error) {
      if (!(error instanceof ElwatchError)) throw error;
      const fault = `${sentence(error.message)} ${sentence(error.hint)}`;
      return show(request, reply.code(422), (await find(request.params)) ?? document, { fault, fields });
    }
    return reply.redirect(`${heldPath(document)}?done=yes`, 303);
  });

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    document: StoredDocument,
    { fields, ...said }: { fields?: HeldFields; fault?: string; isDone?: boolean },
  ): Promise<FastifyReply> {
    const detail = await operator.heldDetail(document);
    // Where the markup around what was not understood is whole, it is what most corrections begin with.
    const markup = detail.issues.find((one) => one.holds && one.markup !== null)?.markup ?? '';
    const whole = /^… | …$/u.test(markup) ? '' : markup;
    const source = await operator.sourceTexts(document.number, document.publishedOn);
    const html = renderHeldPage(
      { document, detail, source, fields: fields ?? { ...NO_FIELDS, find: whole, by: whole }, ...said },
      sessionOf(request),
      baseUrl,
    );
    return reply.type(HTML).send(html);
  }
}

function readFields(form: Form = new URLSearchParams()): HeldFields {
  // A form sends each line break as two characters.
  const one = (name: string) => (form.get(name) ?? '').replaceAll('\r\n', '\n');
  return { find: one('find'), by: one('by'), reason: one('reason').trim() };
}

/** Null for what is no decision. */
function readDecision(what: string, { find, by, reason }: HeldFields): HeldDecision | null {
  if (what !== 'accept' && what !== 'ignore' && what !== 'replace') return null;
  const hint = 'Nothing was recorded.';
  if (reason.length < 3 || reason.length > 1_000)
    throw new ElwatchError('bad-reason', 'a decision needs a reason of 3 to 1,000 characters', {
      retry: false,
      hint,
    });
  if (what !== 'replace') return { kind: what };
  if (find.trim().length < 3 || find.length > MOST_WORDS || by.length > MOST_WORDS)
    throw new ElwatchError(
      'bad-words',
      'the words to find need 3 to 2,000 characters, the others at most as many (elwatch held replace takes more)',
      {
        retry: false,
        hint,
      },
    );
  return { kind: 'replace', find, by };
}
