import { setTimeout as sleep } from 'node:timers/promises';
import {
  createPostgresBackend,
  type Job,
  type JobsOptions,
  type PgPool,
  Queue,
  type QueueOptions,
  runMigrations,
  UnrecoverableError,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import { ElwatchError, errorLine } from './errors.ts';

/** `postgres` is also the embedded PGlite. */
export type QueueKind = 'redis' | 'postgres';

export interface QueueOpening {
  /** `redis://…`; without one, the PostgreSQL backend on `postgresPool`. */
  redisUrl?: string | null;
  /** Prefix of all keys in Redis. */
  redisPrefix?: string;
  /** `Database.queuePool`. It stays the store's to close, after the queue. */
  postgresPool: QueuePool;
  log: QueueLog;
  /** Makes spans of what is added and run (`observe/traces.ts`). */
  telemetry?: QueueTelemetry | undefined;
}

export type QueueTelemetry = NonNullable<QueueOptions['telemetry']>;

/** A `pg.Pool`, or something of its shape; BullMQ asks for the rest of it. */
export interface QueuePool {
  /** Set where the database lives in this process: no connection of it is ever cut. */
  readonly isEmbedded?: true;
  connect(): Promise<unknown>;
  query(text: string): Promise<unknown>;
  end(): Promise<void>;
}

export interface QueueLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What a processor is given. Data holds ids only: it lies in the queue in clear text. */
export interface QueueJob {
  id: string;
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: each job reads its own data with a schema of its own.
  data: any;
  /** Attempts before this one. */
  attemptsMade: number;
}

export type Processor = (job: QueueJob) => Promise<unknown>;

export interface AddOptions {
  /** Kebab-case or base64url; no ':' and not only digits. */
  jobId: string;
  delayMs?: number;
  /** Tries in all, 1 unless told. */
  attempts?: number;
  /** First wait between tries; it doubles each time. 1,000 unless told. */
  backoffMs?: number;
}

export interface QueueConnection {
  readonly kind: QueueKind;
  queue(name: string): Queue;
  /**
   * Starts a worker. Failures are logged; a job whose process died is run again. An `ElwatchError` with
   * `retry: false` ends the job's attempts.
   */
  worker(name: string, processor: Processor, options: { concurrency: number }): Worker;
  /**
   * Runs a job every so often, one at a time; the same id replaces the schedule, so call it at each start. One whose
   * next run is further off than that, since the clock was put back, begins anew.
   */
  schedule(
    queueName: string,
    schedulerId: string,
    every: { everyMs: number },
    jobName: string,
    data: object,
  ): Promise<void>;
  /** Whether a schedule is there and due in time; a Redis that lost its data has lost its schedules too. */
  isScheduled(queueName: string, schedulerId: string, every: { everyMs: number }): Promise<boolean>;
  /**
   * Adds a job, unless one of that id waits or runs: then nothing happens. An ended job, also a failed one,
   * is removed at once, so that its id is free again; the tables say what became of it. An add that comes
   * while the job runs is lost, so what it was about is left to the sweep. Jobs that are added without waiting for
   * each other go to the store together, which is several times quicker.
   */
  add(queueName: string, jobName: string, data: object, options: AddOptions): Promise<void>;
  /** For `doctor`: asks the backend for an answer and measures it. Throws `queue-unreachable`. */
  checkQueue(): Promise<{ kind: QueueKind; pingMs: number }>;
  /** Lets running jobs end, at most 20 s, then closes workers, queues and our own connections. */
  close(): Promise<void>;
}

/** The whole process is to be gone within 25 s: five are left for what is closed after its jobs. */
const DRAIN_MS = 20_000;
const CONNECT_MS = 10_000;
/** By how much the clocks of two hosts may differ. */
const CLOCK_SLACK_MS = 5_000;

/** Throws `queue-unreachable` (retry) when Redis or PostgreSQL does not answer within 10 s. */
export async function openQueue(opening: QueueOpening): Promise<QueueConnection> {
  const backend = opening.redisUrl
    ? await openRedis(opening.redisUrl, opening.redisPrefix ?? 'elwatch', opening)
    : await openPostgres(opening);
  return connect(backend, opening);
}

interface Emitter {
  readonly name: string;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** What the two backends do differently. */
interface Backend {
  kind: QueueKind;
  openQueue(name: string): Queue;
  openWorker(name: string, run: (job: Job) => Promise<unknown>, options: Partial<WorkerOptions>): Worker;
  ping(): Promise<unknown>;
  close(): Promise<void>;
}

interface NewJob {
  name: string;
  data: object;
  opts: JobsOptions;
}

function connect(backend: Backend, { log, telemetry }: QueueOpening): QueueConnection {
  const queues = new Map<string, Queue>();
  const workers: Worker[] = [];
  let closing: Promise<void> | null = null;

  // Without a listener an 'error' event ends the process.
  const logErrors = (emitter: Emitter): void => {
    emitter.on('error', (error) => {
      if (closing === null) log.error({ queue: emitter.name, error: errorLine(error) }, 'queue error');
    });
  };

  const queue = (name: string): Queue => {
    let opened = queues.get(name);
    if (opened === undefined) {
      opened = backend.openQueue(name);
      logErrors(opened);
      queues.set(name, opened);
    }
    return opened;
  };

  const gathered = new Map<string, { jobs: NewJob[]; added: Promise<void>; trace: unknown }>();
  const addTogether = (queueName: string, job: NewJob): Promise<void> => {
    // Those of two traces would all be in the first.
    const trace = telemetry?.contextManager.active();
    const known = gathered.get(queueName);
    if (known !== undefined && known.trace === trace) {
      known.jobs.push(job);
      return known.added;
    }
    const jobs = [job];
    const addAll = async () => {
      if (gathered.get(queueName)?.jobs === jobs) gathered.delete(queueName);
      if (jobs.length === 1) await queue(queueName).add(job.name, job.data, job.opts);
      else await queue(queueName).addBulk(jobs);
    };
    const added = Promise.resolve().then(addAll);
    gathered.set(queueName, { jobs, added, trace });
    return added;
  };

  const isScheduled: QueueConnection['isScheduled'] = async (queueName, schedulerId, { everyMs }) => {
    const known = await queue(queueName).getJobScheduler(schedulerId);
    // Its interval is not compared: beside a scheduler of another version each would undo what the other declared.
    return known?.next !== undefined && known.next <= Date.now() + everyMs + CLOCK_SLACK_MS;
  };

  const closeAll = async (): Promise<void> => {
    try {
      await within(Promise.all(workers.map((worker) => worker.close())), DRAIN_MS);
    } catch (error) {
      log.warn({ error: errorLine(error) }, 'jobs still running at shutdown are left to the next start');
      for (const worker of workers) worker.disconnect().catch(() => undefined);
    }
    await Promise.all([...queues.values()].map((opened) => opened.close()));
    await backend.close();
  };

  return {
    kind: backend.kind,
    queue,
    worker: (name, processor, { concurrency }) => {
      const worker = backend.openWorker(name, (job) => run(processor, job), {
        concurrency,
        // A process that is killed stalls its jobs; at the default of 1 the second kill fails them for good.
        maxStalledCount: 20,
        // A job of a killed process is taken up again after its lock ran out; nothing here blocks for long.
        lockDuration: 10_000,
        stalledInterval: 5_000,
        // After a lost connection; at the default of 15 s three queues in turn would take most of a minute.
        runRetryDelay: 1_000,
      });
      logErrors(worker);
      worker.on('failed', (job, error) => {
        const { name: jobName, id, attemptsMade } = job ?? {};
        log.warn({ queue: name, job: jobName, id, attemptsMade, error: errorLine(error) }, 'job failed');
      });
      workers.push(worker);
      return worker;
    },
    schedule: async (queueName, schedulerId, { everyMs }, jobName, data) => {
      // BullMQ would keep the time of the next run.
      if (!(await isScheduled(queueName, schedulerId, { everyMs })))
        await queue(queueName).removeJobScheduler(schedulerId);
      await queue(queueName).upsertJobScheduler(
        schedulerId,
        { every: everyMs },
        // Each turn is a trace of its own: under that of the schedule they would make one without end.
        { name: jobName, data, opts: { ...REMOVE_ENDED, telemetry: { omitContext: true } } },
      );
    },
    isScheduled,
    add: async (queueName, jobName, data, options) =>
      addTogether(queueName, { name: jobName, data, opts: toJobOptions(options) }),
    checkQueue: async () => {
      const startedAt = performance.now();
      await reach(backend.ping(), backend.kind);
      return { kind: backend.kind, pingMs: performance.now() - startedAt };
    },
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
}

const REMOVE_ENDED = { removeOnComplete: true, removeOnFail: true } as const;

function toJobOptions({ jobId, delayMs = 0, attempts = 1, backoffMs = 1_000 }: AddOptions): JobsOptions {
  if (jobId === '' || jobId.includes(':') || /^\d+$/u.test(jobId)) {
    throw new ElwatchError('bad-job-id', `"${jobId}" cannot be the id of a job.`, {
      retry: false,
      hint: 'Use letters, digits, "-" and "_", with at least one that is no digit.',
    });
  }
  return {
    ...REMOVE_ENDED,
    jobId,
    delay: delayMs,
    attempts,
    backoff: { type: 'exponential', delay: backoffMs },
  };
}

async function run(processor: Processor, { id = '', name, data, attemptsMade }: Job): Promise<unknown> {
  try {
    return await processor({ id, name, data, attemptsMade });
  } catch (error) {
    // Trying again what cannot succeed would only hide it longer.
    if (error instanceof ElwatchError && !error.retry) throw new UnrecoverableError(errorLine(error));
    throw error;
  }
}

async function openPostgres({ postgresPool, telemetry }: QueueOpening): Promise<Backend> {
  const pool = postgresPool as unknown as PgPool;
  const client = await reach(pool.connect(), 'postgres');
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
  // The types of Queue and Worker speak of Redis unless told; the factory decides what is right.
  const connection = pool as unknown as QueueOptions['connection'];
  const traced = telemetry === undefined ? {} : { telemetry };
  return {
    kind: 'postgres',
    openQueue: (name) => new Queue(name, { connection, ...traced }, createPostgresBackend as never),
    openWorker: (name, run, options) =>
      new Worker(
        name,
        run,
        // Workers wake by NOTIFY; this is only how long a lost one could go unnoticed, in seconds.
        { connection, drainDelay: 30, ...traced, ...options },
        createPostgresBackend as never,
      ),
    ping: () => pool.query('select 1'),
    close: async () => {},
  };
}

async function openRedis(
  url: string,
  prefix: string,
  { log, telemetry }: Pick<QueueOpening, 'log' | 'telemetry'>,
): Promise<Backend> {
  // An add must fail at once while Redis is away (the sweep makes up for it), a worker must wait for it.
  const adding = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1, lazyConnect: true });
  const working = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true });
  for (const redis of [adding, working]) {
    redis.setMaxListeners(0);
    redis.on('error', (error) => log.error({ error: errorLine(error) }, 'Redis connection'));
  }
  const close = async (): Promise<void> => {
    adding.disconnect();
    working.disconnect();
  };
  try {
    await reach(Promise.all([adding.connect(), working.connect()]), 'redis');
  } catch (error) {
    await close();
    throw error;
  }
  await checkEvictionPolicy(adding, log);
  const traced = telemetry === undefined ? {} : { telemetry };
  return {
    kind: 'redis',
    openQueue: (name) => new Queue(name, { connection: adding, prefix, ...traced }),
    openWorker: (name, run, options) =>
      new Worker(name, run, { connection: working, prefix, ...traced, ...options }),
    ping: () => adding.ping(),
    close,
  };
}

/** With any other policy a full Redis drops keys of the queue silently. */
async function checkEvictionPolicy(redis: Redis, log: QueueLog): Promise<void> {
  try {
    const [, policy] = (await redis.config('GET', 'maxmemory-policy')) as string[];
    if (policy === 'noeviction') return;
    log.warn({ policy }, `Redis has maxmemory-policy ${policy}; set it to noeviction, or jobs can vanish`);
  } catch (error) {
    // Hosted servers refuse CONFIG.
    log.warn({ error: errorLine(error) }, 'Redis does not tell its maxmemory-policy; it must be noeviction');
  }
}

async function reach<T>(answer: Promise<T>, kind: QueueKind): Promise<T> {
  try {
    return await within(answer, CONNECT_MS);
  } catch (cause) {
    const [server, setting] = kind === 'redis' ? ['Redis', 'REDIS_URL'] : ['PostgreSQL', 'DATABASE_URL'];
    throw new ElwatchError('queue-unreachable', `${server} does not answer: ${errorLine(cause)}`, {
      retry: true,
      hint: `Check that the server runs and that ${setting} names it.`,
      cause,
    });
  }
}

/** The timer holds no process open. */
async function within<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  const late = sleep(milliseconds, undefined, { ref: false }).then(() => {
    throw new Error(`no answer within ${milliseconds / 1000} s`);
  });
  return Promise.race([answer, late]);
}
