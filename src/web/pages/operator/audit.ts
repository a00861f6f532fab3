import type { AuditOutcome } from '../../../model.ts';
import { describeLedgerLine, SOURCE_NAMES } from '../../../render/audit-words.ts';
import { instantInWashington } from '../../../render/date-facts.ts';
import { template } from '../../../render/template.ts';
import { LIST_TITLES } from '../../../render/words.ts';
import type { AuditRun, DatedLedgerLine } from '../../../store/audit.ts';
import type { StoredIssue } from '../../../store/issues.ts';
import { addressOf } from '../filter-fields.ts';
import { PAGE_LINKS, type PageLink, pageLinks } from '../page-links.ts';
import type { SignedIn } from '../session-line.ts';
import { layoutOperator } from './frame.ts';

const OUTCOMES: Record<AuditOutcome, { words: string; tone: string }> = {
  clean: { words: 'nothing differs', tone: 'good' },
  lag: { words: 'recent rules are not there yet', tone: 'good' },
  drift: { words: 'differs', tone: 'bad' },
  refused: { words: 'source refused', tone: 'bad' },
  failed: { words: 'could not be read', tone: 'bad' },
};

interface View {
  issues: { code: string; message: string; excerpt: string; since: string }[];
  ledger: { document: string; href: string; list: string; words: string; missing: string; asOf: string }[];
  runs: {
    when: string;
    source: string;
    list: string;
    asOf: string;
    rows: string;
    words: string;
    tone: string;
    why: string;
  }[];
  pages: { issues: PageLink[]; ledger: PageLink[]; runs: PageLink[] };
}

const renderAudit = template<View>(`${PAGE_LINKS}<h1>Audit</h1>
<p>Each night every list is compared with eCFR and with the Consolidated Screening List. Rules that are not there within the usual time, and whatever no recent rule explains, are open issues.</p>
<h2 id="issues">Open issues</h2>
<% if (it.issues.length === 0) { %><p>Nothing differs that no recent rule explains, as far as the last audits could be carried out. There is nothing to do.</p><% } else { %>
<ul class="rows">
<% for (const one of it.issues) { %><li><span class="tag bad"><%= one.code %></span> <%= one.message %><div class="soft"><% if (one.excerpt) { %><%= one.excerpt %>. <% } %>Open since <%= one.since %>. It closes by itself on the night on which it is gone.</div></li>
<% } %></ul><% pageLinks(it.pages.issues, 'Pages of open issues') %><% } %>
<h2 id="ledger">Ledger</h2>
<% if (it.ledger.length === 0) { %><p>No line yet. A rule has one for each night from its print until all of it is in the other lists.</p><% } else { %>
<div class="scroll" tabindex="0" role="region" aria-label="Ledger"><table class="stack"><caption>One line for each open rule, source and night; never rewritten</caption><thead><tr><th scope="col">Audited</th><th scope="col">Document</th><th scope="col">List</th><th scope="col">How it stands</th><th scope="col">Missing</th></tr></thead><tbody>
<% for (const one of it.ledger) { %><tr><td data-head="Audited"><%= one.asOf %></td><td data-head="Document"><a href="<%= one.href %>"><%= one.document %></a></td><td data-head="List"><%= one.list %></td><td data-head="How it stands"><%= one.words %></td><td data-head="Missing"><% if (one.missing) { %><span class="soft"><%= one.missing %></span><% } else { %>nothing<% } %></td></tr>
<% } %></tbody></table></div><% pageLinks(it.pages.ledger, 'Pages of the ledger') %><% } %>
<h2 id="audits">Audits</h2>
<% if (it.runs.length === 0) { %><p>No audit ran yet. The first one runs after 5:30 in Washington, once a list is loaded; <code>elwatch audit</code> compares now.</p><% } else { %>
<div class="scroll" tabindex="0" role="region" aria-label="Audits"><table class="stack"><thead><tr><th scope="col">When</th><th scope="col">Source</th><th scope="col">List</th><th scope="col">As of</th><th scope="col" class="number">Rows</th><th scope="col">Outcome</th><th scope="col">Why</th></tr></thead><tbody>
<% for (const one of it.runs) { %><tr><td data-head="When"><%= one.when %></td><td data-head="Source"><%= one.source %></td><td data-head="List"><%= one.list %></td><td data-head="As of"><%= one.asOf %></td><td class="number" data-head="Rows"><%= one.rows %></td><td data-head="Outcome"><span class="tag <%= one.tone %>"><%= one.words %></span></td><td data-head="Why"><span class="soft"><%= one.why %></span></td></tr>
<% } %></tbody></table></div><% pageLinks(it.pages.runs, 'Pages of audits') %><% } %>
`);

/** A page of a list. */
interface Rows<Row> {
  rows: readonly Row[];
  page: number;
  last: number;
}

/** The nightly comparison with the other publishers: what differs, what lags, and each audit. */
export function renderAuditPage(
  {
    runs,
    ledger,
    issues,
  }: {
    runs: Rows<AuditRun>;
    ledger: Rows<DatedLedgerLine>;
    issues: Rows<StoredIssue>;
  },
  session: SignedIn,
  baseUrl: string,
): string {
  // Each list has pages of its own, which stay as they are while another is turned.
  const at = { issues: issues.page, page: ledger.page, audits: runs.page };
  const linksOf = ({ page, last }: Rows<unknown>, name: keyof typeof at, mark: string) =>
    pageLinks(page, last, (to) => `${addressOf('/operator/audit', { ...at, [name]: to })}#${mark}`);
  const content = renderAudit({
    pages: {
      issues: linksOf(issues, 'issues', 'issues'),
      ledger: linksOf(ledger, 'page', 'ledger'),
      runs: linksOf(runs, 'audits', 'audits'),
    },
    issues: issues.rows.map((one) => ({
      code: one.code,
      message: one.message,
      excerpt: one.excerpt ?? '',
      since: instantInWashington(one.openedAt),
    })),
    ledger: ledger.rows.map((one) => ({
      document: one.number,
      href: `/documents/${encodeURIComponent(one.number)}`,
      list: LIST_TITLES[one.list],
      words: describeLedgerLine(one.source, one),
      missing: one.missing.join('; '),
      asOf: instantInWashington(one.ranAt).slice(0, 10),
    })),
    runs: runs.rows.map((one) => ({
      when: instantInWashington(one.ranAt),
      source: one.source === 'ecfr' ? 'eCFR' : 'Consolidated Screening List',
      list: LIST_TITLES[one.list],
      asOf: one.sourceOn ?? 'not known',
      rows: one.rows === null ? '' : one.rows.toLocaleString('en-US'),
      ...OUTCOMES[one.outcome],
      why: one.reason ?? countsInWords(one),
    })),
  });
  return layoutOperator({ title: 'Audit', path: '/operator/audit', session, baseUrl }, content);
}

function countsInWords({ source, counts }: AuditRun): string {
  const { missingThere, missingHere, differs, explained } = counts;
  if (missingThere + missingHere + differs === 0) return '';
  return `${missingThere} missing in ${SOURCE_NAMES[source]}, ${missingHere} missing here, ${differs} differ; ${explained} explained by recent rules`;
}
