import { setTimeout as sleep } from 'node:timers/promises';
import type { Sampler, SpanExporter } from '@opentelemetry/sdk-trace-node';
import { ElwatchError, errorLine } from '../errors.ts';
import type { QueueTelemetry } from '../queue.ts';

export interface Traces {
  /** For `openQueue`. */
  telemetry: QueueTelemetry;
  /** Hands over what is left, within 5 s. */
  close(): Promise<void>;
}

export interface TracesOptions {
  /** Address of a collector that speaks OTLP over HTTP; `/v1/traces` is put behind it, as the specification says. */
  endpoint: string;
  version: string;
  log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

const CLOSE_MS = 5_000;

/**
 * Begins to hand over traces: a span for each job that is added and each that is run, where the job that adds another
 * is its parent, so that a rule is one trace from the poll that found it to each of its deliveries. A span says the
 * queue, the id of the job, and how it ended; no address and no name of a customer.
 *
 * The packages are loaded here and nowhere else: without an endpoint they cost neither time nor memory. They read
 * further settings from the environment by themselves, as `OTEL_EXPORTER_OTLP_HEADERS` and `OTEL_SERVICE_NAME`.
 *
 * @throws ElwatchError `traces-not-installed`
 */
export async function openTraces({ endpoint, version, log }: TracesOptions): Promise<Traces> {
  const { api, exporter, resources, sdk, queue } = await load();
  const provider = new sdk.NodeTracerProvider({
    resource: resources
      .defaultResource()
      .merge(
        resources.resourceFromAttributes({ 'service.name': 'entity-list-watch', 'service.version': version }),
      )
      .merge(resources.detectResources({ detectors: [resources.envDetector] })),
    sampler: new sdk.ParentBasedSampler({ root: jobsAlone(api, sdk) }),
    spanProcessors: [
      new sdk.BatchSpanProcessor(
        outspoken(new exporter.OTLPTraceExporter({ url: `${endpoint}/v1/traces` }), log),
      ),
    ],
  });
  provider.register();
  return {
    telemetry: new queue.BullMQOtel({ tracerName: 'entity-list-watch', version }),
    close: async () => {
      const done = provider.shutdown().catch((error: unknown) => {
        log.warn({ error: errorLine(error) }, 'the last traces could not be handed over');
      });
      await Promise.race([done, sleep(CLOSE_MS, undefined, { ref: false })]);
      // They are of the whole process; a service that is started in it anew brings its own.
      api.trace.disable();
      api.context.disable();
      api.propagation.disable();
    },
  };
}

async function load() {
  try {
    const [api, exporter, resources, sdk, queue] = await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/sdk-trace-node'),
      import('bullmq-otel'),
    ]);
    return { api, exporter, resources, sdk, queue };
  } catch (cause) {
    throw new ElwatchError('traces-not-installed', `traces cannot be made: ${errorLine(cause)}`, {
      retry: false,
      hint: 'install the optional packages of package.json (npm ci without --omit=optional), or unset OTEL_EXPORTER_OTLP_ENDPOINT',
      cause,
    });
  }
}

type Loaded = Awaited<ReturnType<typeof load>>;

/** A worker that looks for a job every few seconds and finds none is nothing to tell. */
function jobsAlone({ SpanKind }: Loaded['api'], { SamplingDecision }: Loaded['sdk']): Sampler {
  return {
    shouldSample: (_context, _traceId, _name, kind) => ({
      decision:
        kind === SpanKind.INTERNAL ? SamplingDecision.NOT_RECORD : SamplingDecision.RECORD_AND_SAMPLED,
    }),
    toString: () => 'JobsAlone',
  };
}

/** Says once that a collector does not take what it is handed, and once that it does again. */
function outspoken(inner: SpanExporter, log: TracesOptions['log']): SpanExporter {
  let isFailing = false;
  return {
    export: (spans, done) =>
      inner.export(spans, (result) => {
        const hasFailed = result.error !== undefined;
        if (hasFailed && !isFailing)
          log.warn({ error: errorLine(result.error) }, 'traces are not taken, and are lost until they are');
        if (!hasFailed && isFailing) log.info({}, 'traces are taken again');
        isFailing = hasFailed;
        done(result);
      }),
    shutdown: () => inner.shutdown(),
    forceFlush: async () => inner.forceFlush?.(),
  };
}
