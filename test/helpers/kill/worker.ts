import { openDeliveryParts } from './delivery-parts.ts';
import { killAtStatement, type StatementKill } from './kill-at-statement.ts';
import { workOff } from './work-off.ts';

/** What the process is told, as JSON in its first argument. */
export interface WorkerOrder {
  place: { dataDir: string; databaseUrl: string | null; smtpPort: number };
  deliveriesAtOnce: number;
  kill: StatementKill | null;
}

const order = JSON.parse(process.argv[2]!) as WorkerOrder;
const { parts, database, close } = await openDeliveryParts(order.place);
// From here on: opening the store is not what is tested.
const statements = killAtStatement(database.kind, order.kill);
await workOff(parts, order.deliveriesAtOnce);
process.stdout.write(`${statements()}\n`);
await close();
