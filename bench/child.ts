import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Starts a module of this folder as a process, so that it takes no time of ours; `lines` is what it prints. */
export function startChild(
  module: string,
  args: readonly string[] = [],
): { child: ChildProcess; nextLine(): Promise<string> } {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL(module, import.meta.url)), ...args],
    { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] },
  );
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return {
    child,
    async nextLine() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${module} ended`);
      return value;
    },
  };
}
