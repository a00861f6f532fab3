import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ELWATCH = join(fileURLToPath(new URL('../../', import.meta.url)), 'bin/elwatch');

/** What a command printed, and its exit code; -1 where it was killed. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command as a user does, in a folder and with an environment of its own; of another checkout where told. */
export function runElwatch(
  args: readonly string[],
  { cwd, env, program = ELWATCH }: { cwd: string; env: Record<string, string>; program?: string },
): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
  });
}
