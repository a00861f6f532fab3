/** One selector of a PromQL expression: a metric, and what it asks of labels. */
export interface Selector {
  metric: string;
  matchers: { label: string; is: '=' | '!=' | '=~' | '!~'; value: string }[];
}

/** What an expression reads, and by which labels it groups or matches. */
export interface Read {
  selectors: Selector[];
  grouping: string[];
}

const AGGREGATIONS = new Set(['sum', 'min', 'max', 'avg', 'count', 'topk', 'bottomk']);
const FUNCTIONS = new Set([
  'absent',
  'time',
  'rate',
  'increase',
  'histogram_quantile',
  'max_over_time',
  'min_over_time',
  'clamp_min',
]);
const LABEL_LISTS = new Set(['by', 'without', 'on', 'ignoring']);
const OPERATORS = new Set(['and', 'or', 'unless', 'bool']);

const TOKEN =
  /\s*(?:(?<text>"(?:[^"\\]|\\.)*")|(?<range>\[(?:\d+[smhdwy]|\$__(?:range|rate_interval))\])|(?<duration>\d+[smhdwy]\b)|(?<number>\d+(?:\.\d+)?)|(?<name>[A-Za-z_:][\w:]*)|(?<sign>=~|!~|!=|==|>=|<=|[-+*/%^()<>={},]))/uy;

/**
 * Reads an expression as far as its metrics and labels go. It takes less than Prometheus does, so what is not known
 * here is refused rather than passed over.
 *
 * @throws Error that says where an expression cannot be read
 */
export function readPromql(expression: string): Read {
  const tokens: { kind: string; text: string }[] = [];
  TOKEN.lastIndex = 0;
  while (expression.slice(TOKEN.lastIndex).trim() !== '') {
    const from = TOKEN.lastIndex;
    const found = TOKEN.exec(expression);
    if (found === null) throw new Error(`cannot be read from “${expression.slice(from)}”: ${expression}`);
    const [kind, text] = Object.entries(found.groups!).find(([, value]) => value !== undefined)!;
    tokens.push({ kind, text: text! });
  }
  const read: Read = { selectors: [], grouping: [] };
  let at = 0;
  const peek = () => tokens[at]?.text;
  const take = (wanted?: string) => {
    const token = tokens[at];
    at += 1;
    if (token === undefined || (wanted !== undefined && token.text !== wanted))
      throw new Error(`“${token?.text ?? 'the end'}” in place of “${wanted}”: ${expression}`);
    return token;
  };
  const takeLabels = () => {
    take('(');
    while (peek() !== ')') {
      read.grouping.push(take().text);
      if (peek() === ',') take();
    }
    take(')');
  };
  const takeSelector = (metric: string) => {
    const selector: Selector = { metric, matchers: [] };
    if (peek() === '{') {
      take();
      while (peek() !== '}') {
        const label = take().text;
        const is = take().text as '=';
        selector.matchers.push({ label, is, value: JSON.parse(take().text) });
        if (peek() === ',') take();
      }
      take('}');
    }
    read.selectors.push(selector);
    if (tokens[at]?.kind === 'range') take();
    if (peek() === 'offset') {
      take();
      const { kind, text } = take();
      if (kind !== 'duration') throw new Error(`“${text}” is no duration: ${expression}`);
    }
  };
  let depth = 0;
  while (at < tokens.length) {
    const { kind, text } = take();
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    if (depth < 0) throw new Error(`a bracket too many: ${expression}`);
    if (kind !== 'name' || OPERATORS.has(text)) continue;
    if (LABEL_LISTS.has(text)) takeLabels();
    else if (AGGREGATIONS.has(text) || FUNCTIONS.has(text)) {
      if (AGGREGATIONS.has(text) && LABEL_LISTS.has(peek() ?? '')) {
        take();
        takeLabels();
      }
      if (peek() !== '(') throw new Error(`“${text}” without its bracket: ${expression}`);
    } else takeSelector(text);
  }
  if (depth !== 0) throw new Error(`a bracket is open: ${expression}`);
  return read;
}
