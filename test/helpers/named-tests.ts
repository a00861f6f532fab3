import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import ts from 'typescript';

/** A test or a group of them, as its file has it. */
export interface NamedTest {
  /** As it is written, `%s` and `$name` included. */
  title: string;
  /** On which it runs where all answer; empty where it opens none of its own choice. */
  stores: ReadonlySet<Store>;
}

export type Store = 'PGlite' | 'PostgreSQL' | 'Redis';

/** What `databases.ts` and `private-servers.ts` give where every server answers: names alone. */
const CHOICES = {
  backends: [{ name: 'pglite' }, { name: 'postgres' }],
  queueBackends: [{ name: 'pglite' }, { name: 'postgres' }, { name: 'redis' }],
  places: ['PGlite', 'PGlite and Redis', 'PostgreSQL', 'PostgreSQL and Redis'].map((name) => ({ name })),
};
/** Servers of one test alone, which every test of its file uses. */
const PRIVATE: Record<string, Store> = { startPrivatePostgres: 'PostgreSQL', startPrivateRedis: 'Redis' };
const KEYWORDS = new Set(['test', 'it', 'describe']);

/** All tests and groups of a file, read from its syntax. */
export function readNamedTests(path: string | URL): NamedTest[] {
  const text = readFileSync(path, 'utf8');
  const source = ts.createSourceFile(String(path), text, ts.ScriptTarget.Latest, true);
  const constants = topLevelConstants(source);
  const isImported = (name: string) =>
    new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from`, 'u').test(text);
  const found: NamedTest[] = [];
  const ofFile = new Set(
    Object.keys(PRIVATE)
      .filter(isImported)
      .map((name) => PRIVATE[name]!),
  );

  const walk = (node: ts.Node, outer: ReadonlySet<Store>): void => {
    if (ts.isForOfStatement(node)) {
      const inner = new Set([...outer, ...storesIn(node.expression)]);
      ts.forEachChild(node.statement, (child) => walk(child, inner));
      return;
    }
    const given = ts.isCallExpression(node) ? readTest(node) : null;
    if (given === null) {
      ts.forEachChild(node, (child) => walk(child, outer));
      return;
    }
    const inner = new Set([...outer, ...given.tables.flatMap((table) => [...storesIn(table)])]);
    const own = given.keyword === 'describe' ? [] : given.rest.flatMap((one) => [...storesIn(one)]);
    found.push({ title: given.title, stores: new Set([...inner, ...own]) });
    for (const one of given.rest) walk(one, inner);
  };

  /** The stores that an expression chooses, by itself or by a constant of the file that it names. */
  const storesIn = (node: ts.Node): Set<Store> => {
    const stores = new Set<Store>();
    const look = (one: ts.Node): void => {
      if (ts.isIdentifier(one) && isImported(one.text)) {
        const choice = choiceAround(one);
        if (one.text in CHOICES && (choice !== one || isHandedOn(one)))
          for (const name of namesOf(choice)) addByName(stores, name);
      }
      const constant = ts.isIdentifier(one) ? constants.get(one.text) : undefined;
      // A constant or function of the file that makes the choice for several tests.
      if (constant !== undefined && !isWithin(one, constant) && mayChoose(constant)) look(constant);
      ts.forEachChild(one, look);
    };
    look(node);
    return stores;
  };
  walk(source, ofFile);
  return found;
}

/** `test(…)`, `it.each(table)(…)`, `describe.runIf(…)(…)`, with a title that is written out. */
function readTest(call: ts.CallExpression) {
  const tables: ts.Node[] = [];
  let callee: ts.Expression = call.expression;
  while (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) {
    if (ts.isCallExpression(callee)) tables.push(...callee.arguments);
    callee = callee.expression;
  }
  const [title, ...rest] = call.arguments;
  if (!ts.isIdentifier(callee) || !KEYWORDS.has(callee.text) || title === undefined) return null;
  if (ts.isStringLiteralLike(title)) return { keyword: callee.text, title: title.text, rest, tables };
  if (ts.isTemplateExpression(title))
    return { keyword: callee.text, title: title.getText().slice(1, -1), rest, tables };
  return null;
}

function topLevelConstants(source: ts.SourceFile): Map<string, ts.Node> {
  return new Map(
    source.statements.flatMap((statement): [string, ts.Node][] => {
      if (ts.isFunctionDeclaration(statement) && statement.name) return [[statement.name.text, statement]];
      if (!ts.isVariableStatement(statement)) return [];
      return statement.declarationList.declarations.flatMap(({ name, initializer }): [string, ts.Node][] =>
        ts.isIdentifier(name) && initializer !== undefined ? [[name.text, initializer]] : [],
      );
    }),
  );
}

const mayChoose = (node: ts.Node) => Object.keys(CHOICES).some((word) => node.getText().includes(word));

function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return node.pos >= outer.pos && node.end <= outer.end;
}

/** `places` with what is done to it at once: `places.filter(…)`, `backends[0]!`, `backends.slice(0, 1)`. */
function choiceAround(identifier: ts.Identifier): ts.Node {
  let node: ts.Node = identifier;
  while (true) {
    const { parent } = node;
    const goesOn =
      (ts.isPropertyAccessExpression(parent) &&
        ['filter', 'find', 'slice', 'at'].includes(parent.name.text)) ||
      (ts.isCallExpression(parent) && parent.expression === node && node !== identifier) ||
      (ts.isElementAccessExpression(parent) && parent.expression === node) ||
      ts.isNonNullExpression(parent);
    if (!goesOn) return node;
    node = parent;
  }
}

/** Whether a name alone stands for all: `each(backends)`, `for (… of backends)`. A parameter of that name does not. */
function isHandedOn({ parent }: ts.Node): boolean {
  return ts.isForOfStatement(parent) || (ts.isCallExpression(parent) && parent.arguments.length === 1);
}

/** The names that a choice leaves, found by making it among names alone; none where it depends on more than names. */
function namesOf(choice: ts.Node): string[] {
  try {
    const chosen: unknown = runInNewContext(ts.transpile(`(${choice.getText()})`), CHOICES);
    return [chosen].flat().flatMap((one) => (one === undefined ? [] : [(one as { name: string }).name]));
  } catch {
    return [];
  }
}

function addByName(stores: Set<Store>, name: string): void {
  if (/pglite/iu.test(name)) stores.add('PGlite');
  if (/postgres/iu.test(name)) stores.add('PostgreSQL');
  if (/redis/iu.test(name)) stores.add('Redis');
}
