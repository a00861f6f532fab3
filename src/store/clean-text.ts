import {
  type KyselyPlugin,
  OperationNodeTransformer,
  type PrimitiveValueListNode,
  type ValueNode,
} from 'kysely';

/**
 * PostgreSQL stores neither U+0000 nor half a surrogate pair, and upstream sends both. NUL is dropped, a lone
 * surrogate becomes U+FFFD. Everything else is kept as it came.
 */
export function cleanText(text: string): string {
  return text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD');
}

/**
 * JSON text of a value for a `jsonb` column, cleaned like `cleanText`. `JSON.stringify` escapes exactly the
 * code units that PostgreSQL refuses, so they are cleaned in the text, keys included; the first alternative
 * steps over escaped backslashes, so that the six characters `\u0000` in a text survive.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(/\\(\\|u0000|ud[89a-f][0-9a-f]{2})/gu, (found, what: string) =>
    what === '\\' ? found : what === 'u0000' ? '' : '\uFFFD',
  );
}

/** Cleans every text parameter of every statement: the one place, so that no table module can forget it. */
export function cleanTextPlugin(): KyselyPlugin {
  const transformer = new CleanTextTransformer();
  return {
    transformQuery: ({ node, queryId }) => transformer.transformNode(node, queryId),
    transformResult: async ({ result }) => result,
  };
}

class CleanTextTransformer extends OperationNodeTransformer {
  protected override transformValue(node: ValueNode): ValueNode {
    return typeof node.value === 'string' ? { ...node, value: cleanText(node.value) } : node;
  }

  protected override transformPrimitiveValueList(node: PrimitiveValueListNode): PrimitiveValueListNode {
    const values = node.values.map((value) => (typeof value === 'string' ? cleanText(value) : value));
    return { ...node, values };
  }
}
