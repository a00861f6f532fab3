import { foldName } from '../fold.ts';
import type { ListName } from '../model.ts';
import { attempt, type Cursor, clauseEnds, eat, eatPlace, restOf } from './cursor.ts';
import type { Destination } from './destinations.ts';
import {
  eatHeading,
  ending,
  type Form,
  type FormContext,
  type FormResult,
  headingOf,
  holding,
  ordersFor,
  replaceAll,
  result,
} from './form.ts';
import { listOfSupplement } from './mask.ts';
import type { Order, Subject } from './order.ts';
import { eatTargets } from './target-list.ts';

const OF_PLACE = `(?:the )?(?:country |destinations? |headings? ){0,2}(?:of |for )?(?=(?:the )?⟦p)`;
const FROM = new RegExp(`^,? ?(?:from|under)(?: under| being under)? ${OF_PLACE}`, 'iu');
const TO = new RegExp(
  `^,? ?(?:as (?:an? )?entr(?:y|ies) )?(?:to|under|into)(?: under| be under)? ${OF_PLACE}`,
  'iu',
);

function placed(destination: Destination): { destination: string; country: string } {
  return { destination: destination.heading, country: destination.country };
}

/** Each entry to another destination. */
function moveEach(
  targets: readonly Subject[],
  from: Destination | null,
  to: Destination,
  context: FormContext,
  more: Partial<Order> = {},
): FormResult {
  const own = { ...context, destination: from ?? context.destination };
  return ordersFor(targets, own, () => ({ action: 'alter', alter: { place: placed(to) }, ...more }));
}

/** "moving the entry for “X” from HONG KONG to CHINA", "from HONG KONG to CHINA the entries for “X” and “Y”". */
export const move: Form = (cursor, context) => {
  if (
    !eat(
      cursor,
      /^(?:(?:mov|transfer|relocat|redesignat)\w*|(?:revis|chang)\w* the (?:destination|country|heading)s?(?: (?:of|for))?)/iu,
    )
  )
    return null;
  const before = eatTargets(cursor) ?? null;
  const from = attempt(cursor, () => (eat(cursor, FROM) ? eatPlace(cursor) : null));
  const to = attempt(cursor, () => (eat(cursor, TO) ? eatPlace(cursor) : null));
  if (!to) return null;
  const behind =
    before === null ? attempt(cursor, () => (eat(cursor, /^,?/u) ? eatTargets(cursor) : null)) : null;
  const targets = before ?? behind ?? context.subjects;
  if (!targets) return null;
  return ending(cursor, moveEach(targets, from?.destination ?? null, to.destination, context));
};

/** "moving all entries under HONG KONG to CHINA": each one, whatever it is called. */
export const moveAll: Form = (cursor, context) => {
  if (
    !eat(
      cursor,
      /^(?:mov|transfer|relocat|redesignat)\w* (?:all|each|every)(?: of)?(?: the)?(?: existing)? entr(?:y|ies)(?: (?:currently )?listed)?/iu,
    )
  )
    return null;
  const from = eat(cursor, FROM) ? eatPlace(cursor) : null;
  const to = from && eat(cursor, TO) ? eatPlace(cursor) : null;
  if (!from || !to) return null;
  return ending(cursor, replaceAll(context, from.destination, { place: placed(to.destination) }));
};

/** "removing the entry for “X” under HONG KONG and adding it under CHINA". */
export const removeAndAddUnder: Form = (cursor, context) => {
  if (!eat(cursor, /^(?:remov|delet)\w*/iu)) return null;
  const from = attempt(cursor, () => (eat(cursor, FROM) ? eatPlace(cursor) : null));
  eat(cursor, /^,/u);
  const targets = eatTargets(cursor);
  if (!targets) return null;
  if (!eat(cursor, /^,? and (?:by )?(?:add|insert|plac)\w*,?(?: in alphabetical order,?)?/iu)) return null;
  const early = attempt(cursor, () => (eat(cursor, TO) ? eatPlace(cursor) : null));
  eat(cursor, /^,/u);
  const named = attempt(cursor, () => eatTargets(cursor));
  if (named) {
    const names = (list: readonly Subject[]) => list.flatMap((one) => one.names.map(foldName)).join('|');
    if (names(named) !== names(targets)) return null;
  } else if (
    !eat(cursor, /^ (?:it|them|(?:the|that|those|these|this) (?:same )?entr(?:y|ies))(?= |[.,;]|$)/iu)
  )
    return null;
  eat(cursor, /^,? in alphabetical order,?/iu);
  const late = early ?? attempt(cursor, () => (eat(cursor, TO) ? eatPlace(cursor) : null));
  const to = late?.destination ?? named?.find((one) => one.destination)?.destination ?? null;
  if (!to) return null;
  return ending(
    cursor,
    moveEach(targets, from?.destination ?? null, to, context, named ? { removesAndAdds: true } : {}),
  );
};

const SUPPLEMENT_FROM = /^,? ?(?:from|in) (?:the )?(?:table (?:in|to|of) )?⟦s(\d+)⟧/iu;
const SUPPLEMENT_TO = /^,? ?to (?:the )?(?:table (?:in|to|of) )?⟦s(\d+)⟧/iu;

function eatSupplement(cursor: Cursor, pattern: RegExp): ListName | null {
  const match = eat(cursor, pattern);
  if (!match) return null;
  const supplement = cursor.masked.supplements[Number(match[1])];
  if (supplement?.numbers.length !== 1 || (supplement.part !== null && supplement.part !== '744'))
    return null;
  return listOfSupplement(supplement.numbers[0]!);
}

/**
 * "transferring the entries for “X” and “Y” from supplement no. 7 to supplement no. 4": a removal on the one
 * list and an addition, with its row, on the other (sources, §4.8).
 */
export const transfer: Form = (cursor, context) => {
  if (!eat(cursor, /^(?:transfer|mov)\w*/iu)) return null;
  const before = eatTargets(cursor) ?? null;
  const from = eatSupplement(cursor, SUPPLEMENT_FROM);
  const to = eatSupplement(cursor, SUPPLEMENT_TO);
  if (!from || !to) return null;
  const targets = before ?? attempt(cursor, () => (eat(cursor, /^,?/u) ? eatTargets(cursor) : null));
  if (!targets) return null;
  const removed = ordersFor(targets, { ...context, list: from }, () => ({ action: 'remove' }));
  const added = ordersFor(targets, { ...context, list: to }, () => ({ action: 'add' }));
  return ending(cursor, result({ orders: [...removed.orders, ...added.orders], issues: removed.issues }));
};

const HEADING_WORDS =
  /^ (?:the |a )?(?:new )?(?:country (?:name |heading )?|destination (?:heading |name )?|heading |name of the (?:country|destination|heading) |table heading ){1,3}(?:of |for )?(?:the )?(?:destination (?:of )?)?(?=⟦[pq])/iu;

/** "redesignating the heading MACEDONIA as NORTH MACEDONIA". */
export const redesignateHeading: Form = (cursor, context) => {
  if (!eat(cursor, /^(?:redesignat|renam|revis|chang|replac|retitl)\w*/iu)) return null;
  if (!eat(cursor, HEADING_WORDS)) return null;
  const old = eatHeading(cursor);
  if (!old) return null;
  if (!eat(cursor, /^,? (?:as|with|by|to(?: now)?(?: read)?(?: as)?)(?: follows)?:?(?= )/iu)) return null;
  eat(cursor, /^ (?:the )?(?:destination |heading ){0,2}(?:of )?(?=⟦)/iu);
  const next = eatHeading(cursor);
  if (!next) return null;
  const from = headingOf(old.raw, old.destination);
  if (!from) return holding('unknown-destination', `“${old.raw.slice(0, 100)}” is no known destination`);
  const to = headingOf(next.raw, next.destination) ?? {
    heading: next.raw.toUpperCase(),
    country: from.country,
  };
  return ending(
    cursor,
    result({
      orders: [
        {
          list: context.list,
          action: 'replace',
          destination: from,
          names: [],
          count: null,
          instruction: context.label,
          alter: { place: placed(to) },
        },
      ],
    }),
  );
};

/**
 * "adding the destination of KYRGYZSTAN and one entry", "removing the heading for X": the heading. What is
 * said of its entries is left to the reader of clauses, with the destination and the verb in force.
 */
export const changeHeading: Form = (cursor, context) => {
  const verb = eat(cursor, /^(?:(add|insert)\w*|(?:remov|delet)\w*)(?: and reserv\w*)?,?/iu);
  if (!verb) return null;
  eat(cursor, /^,? in alphabetical order,?/iu);
  const words = eat(
    cursor,
    /^ (?:(?:the|an?|two|three|new|following) ){0,3}(?:country |destinations? |headings? |table ){1,3}(?:of |for )?(?:the )?(?:(?:country |destination |heading )(?:of |for )?)?(?=(?:the )?⟦[pq])/iu,
  );
  if (!words) return null;
  const action = verb[1] ? 'add' : 'remove';
  const found: { raw: string; destination: Destination }[] = [];
  for (;;) {
    const { at } = cursor;
    if (found.length > 0 && !eat(cursor, /^(?:,? and|,)(?= ?(?:the )?⟦)/iu)) break;
    const one = eatHeading(cursor);
    if (!one?.destination) {
      cursor.at = at;
      break;
    }
    found.push({ raw: one.raw, destination: one.destination });
  }
  if (found.length === 0) return null;
  eat(cursor, /^ (?:under|in|to) the (?:country|destination) column/iu);
  eat(cursor, /^ (?:to|from|in) (?:the )?(?:table|list|entity list)(?= |[.,;:]|$)/iu);
  if (
    !clauseEnds(cursor) &&
    !/^,? (?:with|along with|together with|including) /iu.test(restOf(cursor).slice(0, 40))
  )
    return null;
  eat(cursor, /^,? (?:with|along with|together with|including)(?= )/iu);
  return result({
    headings: found.map((one) => ({
      list: context.list,
      action,
      ...placed(one.destination),
      locator: { instruction: context.label, row: null, page: null },
    })),
    destination: found.length === 1 ? found[0]!.destination : null,
    action,
  });
};
