import type { AlertView, ListView } from './alert-view.ts';
import { cleanLine, cleanText } from './clean.ts';
import type { EmailFrame } from './email-html.ts';
import { footLinkLines } from './foot-links.ts';
import type { DestinationGroup } from './group-additions.ts';
import { CAUTION } from './mail-frame.ts';
import type { FieldView, RemovalView, RevisionView } from './revision-view.ts';
import type { Segment } from './word-diff.ts';
import { wrapText } from './wrap-text.ts';

const RULE = '-'.repeat(76);

/** The text part: the same facts in the same order, wrapped at 76 columns. */
export function renderEmailText(view: AlertView, frame: EmailFrame): string {
  const blocks = [
    wrapText(view.subject),
    frame.hits.length === 0
      ? ''
      : ['YOUR COUNTERPARTIES', ...frame.hits.map((line) => wrapText(line, '- ', '  '))].join('\n'),
    view.note === '' ? '' : wrapText(view.note),
    view.differences.length === 0
      ? ''
      : ['WHAT IS DIFFERENT NOW', ...view.differences.map((line) => wrapText(line, '- ', '  '))].join('\n'),
    view.held ? heldBlock(view) : '',
    filingBlock(view),
    view.lead === '' ? '' : wrapText(view.lead),
    [
      wrapText(view.dates.effective),
      wrapText(view.dates.known),
      ...(view.notice !== null ? [] : [wrapText(`Checked: ${view.verification}`)]),
    ].join('\n'),
    documentBlock(view, frame),
    frame.filtered === '' ? '' : wrapText(frame.filtered),
    frame.hidden === '' ? '' : wrapText(frame.hidden),
    ...view.lists.map(listBlock),
    checksBlock(view),
    RULE,
    wrapText(`You get this because ${frame.recipient} is subscribed to ${frame.filter}.`),
    footLinkLines(frame.links, frame.unsubscribeUrl),
    wrapText(CAUTION),
  ];
  return cleanText(`${blocks.filter((block) => block !== '').join('\n\n')}\n`);
}

function heldBlock(view: AlertView): string {
  const stated = view.stated.length === 0 ? ['No counts.'] : view.stated;
  return [
    'WHAT THE DOCUMENT STATES',
    ...stated.map((line) => wrapText(line, '- ', '  ')),
    '',
    'WHY IT IS NOT CONFIRMED',
    ...view.heldReasons.map((line) => wrapText(line, '- ', '  ')),
  ].join('\n');
}

function filingBlock(view: AlertView): string {
  const { filing } = view;
  const lines: string[] = [];
  if (view.notice === 'provisional' && view.stated.length > 0)
    lines.push('WHAT THE FILING STATES', ...view.stated.map((line) => wrapText(line, '- ', '  ')), '');
  if (filing === null) return lines.join('\n').trim();
  lines.push(...filing.facts.map((fact) => wrapText(fact)));
  for (const { title, names } of filing.named)
    lines.push('', wrapText(`${title} (provisional):`), ...names.map((name) => wrapText(name, '- ', '  ')));
  for (const { title, url } of filing.letters)
    lines.push(wrapText(`Letter: ${title}`), ...(url === null ? [] : [url]));
  if (filing.editorialNote !== '') lines.push(wrapText(`Editorial note: ${filing.editorialNote}`));
  return lines.join('\n');
}

function documentBlock(view: AlertView, frame: EmailFrame): string {
  const lines: string[] = [];
  if (view.document !== null) {
    const citation = view.document.citation === '' ? '' : `, ${view.document.citation}`;
    lines.push(
      wrapText(`${view.document.title} (Federal Register document ${view.document.number}${citation})`),
    );
    if (view.document.url !== null) lines.push(view.document.url);
  }
  lines.push(`All of it on one page: ${frame.pageUrl}`);
  return lines.join('\n');
}

function listBlock(list: ListView): string {
  const title = list.title.toUpperCase();
  const section = (heading: string, of: { total: number; shown: number }, bodies: string[]) =>
    of.total === 0 ? [] : [`${heading}: ${of.total}`, ...bodies, ...restLine(of)];
  return [
    ...section(`REMOVED FROM THE ${title}`, list.removed, [
      wrapText(
        'These are no longer on the list. What you block because of them may be unblocked, unless another rule applies.',
      ),
      ...list.removed.items.map(removalBlock),
    ]),
    ...section(`REVISED ON THE ${title}`, list.revised, list.revised.items.map(revisionBlock)),
    // Each destination says itself what it leaves out.
    ...section(
      `ADDED TO THE ${title}`,
      { ...list.added, shown: list.added.total },
      list.added.items.map(groupBlock),
    ),
    ...section(`EDITORIAL FIXES ON THE ${title}`, list.editorial, list.editorial.items.map(revisionBlock)),
  ].join('\n\n');
}

function restLine({ total, shown }: { total: number; shown: number }): string[] {
  return shown < total ? [`  (${total - shown} more are in the attached CSV and on the page.)`] : [];
}

function groupBlock(group: DestinationGroup): string {
  const blocks = group.blocks.map(({ terms, entries }) => {
    const lines = [
      ...labelled('License requirement', terms.licenseRequirement, '  | '),
      ...labelled('License review policy', terms.licenseReviewPolicy, '  | '),
      ...terms.footnotes.map((footnote) => wrapText(footnote, '  | ')),
      ...terms.citations.map((citation) => `  | ${citation.text}\n  | ${citation.url}`),
    ];
    return [lines.join('\n'), ...entries.map((entry) => entryBlock(entry, entry.seeAlso))].join('\n\n');
  });
  return [`${group.name}: ${group.total}`, ...blocks, ...restLine(group)].join('\n\n');
}

function entryBlock(entry: Omit<RemovalView, 'place'>, seeAlso: string[], place = ''): string {
  return [
    wrapText(`* ${cleanLine(entry.name)}${place}`, '  ', '    '),
    ...labelled('Also known as', entry.aliases.join('; '), '    '),
    ...labelled('Address', entry.addresses.join('; '), '    '),
    ...labelled('See also under', seeAlso.join('; '), '    '),
    ...labelled('Source', entry.locator, '    '),
  ].join('\n');
}

function removalBlock(removal: RemovalView): string {
  return entryBlock(removal, [], ` (${removal.place})`);
}

function revisionBlock(revision: RevisionView): string {
  return [
    wrapText(`* ${cleanLine(revision.name)} (${revision.place})`, '  ', '    '),
    ...revision.fields.flatMap(fieldLines),
    ...labelled('Source', revision.locator, '    '),
  ].join('\n');
}

function fieldLines(field: FieldView): string[] {
  if (field.shape === 'text') return labelled(field.label, field.segments.map(markSegment).join(''), '    ');
  return [
    `    ${field.label}:`,
    ...field.items.removed.map((item) => wrapText(`[-${cleanLine(item)}-]`, '      ')),
    ...field.items.added.map((item) => wrapText(`{+${cleanLine(item)}+}`, '      ')),
    `      (${field.items.unchanged} unchanged)`,
  ];
}

function markSegment({ text, mark }: Segment): string {
  return mark === 'removed' ? `[-${text}-]` : mark === 'added' ? `{+${text}+}` : text;
}

function labelled(label: string, text: string, indent: string): string[] {
  const line = cleanLine(text);
  return line === '' ? [] : [wrapText(`${label}: ${line}`, indent, indent)];
}

function checksBlock(view: AlertView): string {
  const lines = view.checks.map((check) => {
    const status = check.status === 'skip' ? 'not checked' : check.status;
    return wrapText(`[${status}] ${cleanLine(check.message)}`, '- ', '  ');
  });
  const more = view.moreChecks > 0 ? [`  (${view.moreChecks} more checks are on the page.)`] : [];
  return [
    view.notice === 'provisional' || view.notice === 'withdrawn' ? 'STATUS' : 'VERIFICATION',
    wrapText(view.verification),
    ...lines,
    ...more,
  ].join('\n');
}
