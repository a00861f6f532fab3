// A thread does not inherit the loader that runs TypeScript: it is registered anew before the module is loaded.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.module);
