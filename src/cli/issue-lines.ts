import pc from 'picocolors';
import type { Issue } from '../model.ts';
import { describeLocator } from '../render/words.ts';
import { safe } from './output.ts';

/** An issue in lines for people: what, where, the exact words, and the markup in which they stand. */
export function describeIssue(issue: Issue & { markup: string | null }): string[] {
  const mark = issue.holds ? pc.red('holds') : pc.yellow('note');
  const inset = '       ';
  return [
    `${mark}  ${issue.code}: ${safe(issue.message)}`,
    ...(issue.locator === null ? [] : [`${inset}at ${describeLocator(issue.locator)}`]),
    ...(issue.excerpt === null ? [] : [`${inset}“${safe(issue.excerpt)}”`]),
    ...safe(issue.markup ?? '')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => `${inset}| ${line}`),
  ];
}
