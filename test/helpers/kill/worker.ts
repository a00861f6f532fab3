import { type DeliveryPlace, openDeliveryParts } from './delivery-parts.ts';
import { killAtStatement, type StatementKill } from './kill-at-statement.ts';
import { type Work, workOff } from './work-off.ts';

/** What the process is told, as JSON in its first argument. */
export interface WorkerOrder {
  place: DeliveryPlace;
  /** Where its clock stands; null for the real one. */
  now: string | null;
  work: Work;
  kill: StatementKill | null;
}

const order = JSON.parse(process.argv[2]!) as WorkerOrder;
const { parts, database, close } = await openDeliveryParts(order.place, order.now);
// From here on: opening the store is not what is tested.
const statements = killAtStatement(database.kind, order.kill);
await workOff(parts, order.work);
process.stdout.write(`${statements()}\n`);
await close();
