// A thread does not inherit the loader that runs TypeScript: it is registered anew before a source is loaded. What
// stands in a bundle needs none.
import { workerData } from 'node:worker_threads';

if (workerData.module.endsWith('.ts')) {
  const { register } = await import('tsx/esm/api');
  register();
}
await import(workerData.module);
