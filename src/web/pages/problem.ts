import { template } from '../../render/template.ts';
import { layoutPage } from '../layout.ts';
import { PROBLEMS, type ProblemCode } from '../problems.ts';

const renderProblem = template<{ code: string; status: number; title: string; help: string }>(
  `<h1><%= it.title %></h1>
<p>The API answers <code><%= it.status %></code> with the type <code>/problems/<%= it.code %></code>.</p>
<p><%= it.help %></p>
<p><a href="/openapi.json">Every path of the API</a></p>
`,
);

/** The page that the `type` of a problem document leads to (RFC 9457, 3.1.1); null for one that is none of ours. */
export function renderProblemPage(code: string, baseUrl: string): string | null {
  if (!Object.hasOwn(PROBLEMS, code)) return null;
  const problem = PROBLEMS[code as ProblemCode];
  return layoutPage(problem.title, renderProblem({ code, ...problem }), baseUrl, { isPrivate: true });
}
