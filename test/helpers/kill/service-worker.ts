import { openApp } from '../../../src/app.ts';
import { readConfig } from '../../../src/config.ts';
import { startService } from '../../../src/service.ts';
import { killAtPoint, type Point } from './kill-at-point.ts';

/** What the process is told, as JSON in its first argument. */
export interface ServiceOrder {
  settings: Record<string, string>;
  redisPrefix: string | null;
  /** Of the job that begins it all. */
  pollId: string;
  /** Null where somebody else ends the process. */
  point: Point | null;
}

const { settings, redisPrefix, pollId, point } = JSON.parse(process.argv[2]!) as ServiceOrder;
const app = await openApp(readConfig(settings), { pace: { perSecond: 1000, xmlPerSecond: 1000 } });
const service = await startService(app, {
  role: 'worker',
  unscheduled: ['alarm'],
  ...(redisPrefix === null ? {} : { redisPrefix }),
});
// From here on: opening the store is not what is tested.
if (point !== null) killAtPoint(point);
await service.queue!.add('poll', 'poll', {}, { jobId: pollId });
