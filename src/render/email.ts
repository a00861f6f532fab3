import type { ChangeSet, StoredChange, Subscription, ToldHit } from '../model.ts';
import { viewAlert } from './alert-view.ts';
import { clipView } from './clip-view.ts';
import { renderCsv } from './csv.ts';
import { renderEmailHtml } from './email-html.ts';
import { renderEmailText } from './email-text.ts';
import { describeReason } from './filter-words.ts';
import { type FootLinks, NO_FOOT_LINKS } from './foot-links.ts';
import { describeHits } from './hit-words.ts';
import { mailHeaders } from './mail-headers.ts';

export interface EmailInput {
  changeSet: ChangeSet;
  /** The changes that match the subscription's filter. */
  changes: readonly StoredChange[];
  /** How many changes the change set has before filtering. */
  allChangesCount: number;
  subscription: Pick<Subscription, 'target' | 'token' | 'filter'> &
    Partial<Pick<Subscription, 'dateLanguage'>>;
  /** Public address of this installation, without a slash at its end. */
  baseUrl: string;
  /** "alerts@example.org" or "Entity List Watch <alerts@example.org>". */
  mailFrom: string;
  /** With or without angle brackets. */
  messageId: string;
  /** Change sets that told of the same document before, the nearest first. */
  earlier?: readonly ChangeSet[];
  /** Counterparties of the subscriber that a change hits, the best first. */
  hits?: readonly ToldHit[];
  /** Message-IDs of the mails to this subscription that this one follows up, the oldest first. */
  references?: readonly string[];
  /** Signed links of the foot; none where they are left out. */
  links?: FootLinks;
}

/** One message, ready for the channel but for its recipient. */
export interface RenderedEmail {
  subject: string;
  text: string;
  html: string;
  /** Null where there is no change to list, as in a held notice. */
  csv: { filename: string; content: string } | null;
  headers: Record<string, string>;
}

/** Gmail clips a message at about 102 kB. */
const MAX_HTML_BYTES = 100_000;

/** Renders the alert about one change set for one subscription: subject, text, HTML, CSV and headers. */
export function renderEmail(input: EmailInput): RenderedEmail {
  const { changeSet, changes, subscription } = input;
  const { dateLanguage = 'en' } = subscription;
  const baseUrl = input.baseUrl.replace(/\/+$/u, '');
  const unsubscribeUrl = `${baseUrl}/unsubscribe/${encodeURIComponent(subscription.token)}`;
  const frame = {
    pageUrl: `${baseUrl}/changes/${encodeURIComponent(changeSet.changeSetId)}`,
    unsubscribeUrl,
    links: input.links ?? NO_FOOT_LINKS,
    recipient: subscription.target,
    filter: describeReason(subscription.filter, changeSet),
    hits: describeHits(input.hits ?? []),
    filtered:
      changes.length < input.allChangesCount
        ? `Your filter matches ${changes.length} of the ${input.allChangesCount} changes in this document.`
        : '',
  };
  const shared = partsOf(input);
  const render = (limit: number) => {
    const view = shared.once(`view ${limit} ${dateLanguage}`, () =>
      clipView(viewAlert(changeSet, changes, { limit, earlier: input.earlier ?? [], dateLanguage })),
    );
    const hidden =
      view.hidden === 0
        ? ''
        : `${view.hidden} of ${changes.length} changes are not shown here because the message would be too long. The attached CSV and the page list all of them.`;
    return { view, html: renderEmailHtml(view, { ...frame, hidden }), frame: { ...frame, hidden } };
  };
  const fitted = fitHtml(render, changes.length);
  const number = changeSet.document?.number ?? changeSet.changeSetId;
  return {
    subject: fitted.view.subject,
    text: renderEmailText(fitted.view, fitted.frame),
    html: fitted.html,
    csv:
      changes.length === 0
        ? null
        : {
            filename: `entity-list-changes-${number.replace(/[^A-Za-z0-9.-]+/gu, '-').slice(0, 60)}.csv`,
            content: shared.once('csv', () => renderCsv(changes, changeSet.document)),
          },
    headers: mailHeaders({ ...input, unsubscribeUrl }),
  };
}

/** What of a mail is the same for all who get these changes in the same language. */
interface SharedParts {
  earlier: EmailInput['earlier'];
  once<Part>(name: string, make: () => Part): Part;
}

const sharedParts = new WeakMap<ChangeSet, WeakMap<readonly StoredChange[], SharedParts>>();

/** Keeps them for as long as somebody keeps the change set and its changes, which nobody alters. */
function partsOf({ changeSet, changes, earlier }: EmailInput): SharedParts {
  const ofChangeSet = sharedParts.get(changeSet) ?? new WeakMap<readonly StoredChange[], SharedParts>();
  sharedParts.set(changeSet, ofChangeSet);
  const known = ofChangeSet.get(changes);
  if (known !== undefined && known.earlier === earlier) return known;
  const made = new Map<string, unknown>();
  const shared: SharedParts = {
    earlier,
    once<Part>(name: string, make: () => Part) {
      if (!made.has(name)) made.set(name, make());
      return made.get(name) as Part;
    },
  };
  ofChangeSet.set(changes, shared);
  return shared;
}

/** The most changes whose HTML still fits, by bisection: rendering is cheap, guessing sizes is not exact. */
function fitHtml<Rendered extends { html: string }>(
  render: (limit: number) => Rendered,
  count: number,
): Rendered {
  const fits = (rendered: Rendered) => Buffer.byteLength(rendered.html) <= MAX_HTML_BYTES;
  const whole = render(count);
  if (fits(whole)) return whole;
  let best = render(0);
  let low = 0;
  let high = count;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const rendered = render(middle);
    if (fits(rendered)) {
      low = middle;
      best = rendered;
    } else high = middle;
  }
  return best;
}
