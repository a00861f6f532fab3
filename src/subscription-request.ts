import countries from 'i18n-iso-countries';
import { z } from 'zod';
import { ElwatchError } from './errors.ts';
import {
  CHANGE_KINDS,
  CHANNELS,
  DEFAULT_NOTICES,
  LIST_NAMES,
  type Schedule,
  type Subscription,
  type SubscriptionFilter,
  type SubscriptionNotices,
  WHOLE_FILTER,
} from './model.ts';

/** Languages in which days can be written; the sentences around them are English. */
export const DATE_LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'ja', 'ko', 'zh'] as const;

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/u, 'must be a time of day such as 08:30');
const timeZone = z
  .string()
  .max(60)
  .refine(isTimeZone, 'must be a time zone such as Europe/Berlin or America/New_York');

const schedule = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('immediate') }),
  z.strictObject({ mode: z.literal('daily'), at: timeOfDay, timeZone }),
  z.strictObject({ mode: z.literal('weekly'), at: timeOfDay, timeZone, weekday: z.int().min(1).max(7) }),
]);

/** Regions of Ukraine have headings of their own, and the codes of ISO 3166-2. */
const REGIONS = new Set(['UA-09', 'UA-14', 'UA-43']);
const destination = z
  .string()
  .max(5, 'must be a country code such as CN')
  .transform((code) => code.toUpperCase())
  .refine(isDestination, 'must be a country code such as CN');

/** Whether a code in capitals is of a destination that there is: of ISO 3166-1 (and XK), or of a region. */
export function isDestination(code: string): boolean {
  return REGIONS.has(code) || (/^[A-Z]{2}$/u.test(code) && countries.isValid(code));
}

/** What a subscription can be about and how it comes; each part may be left out. */
export const SubscriptionSettings = z.strictObject({
  name: line(80).optional(),
  contact: z.string().trim().max(254).nullable().optional(),
  lists: z.array(z.enum(LIST_NAMES)).max(LIST_NAMES.length).optional(),
  destinations: z.array(destination).max(250).optional(),
  kinds: z.array(z.enum(CHANGE_KINDS)).max(CHANGE_KINDS.length).optional(),
  minimumCount: z.int().min(1).max(10_000).optional(),
  keywords: z
    .array(line(80).pipe(z.string().min(2)))
    .max(100)
    .optional(),
  watchlists: z
    .array(z.string().regex(/^[\w-]{1,60}$/u))
    .max(100)
    .optional(),
  provisional: z.boolean().optional(),
  held: z.boolean().optional(),
  quietDays: z.boolean().optional(),
  schedule: schedule.optional(),
  dateLanguage: z.enum(DATE_LANGUAGES).optional(),
});

/** A subscription as somebody asks for it. */
export const SubscriptionRequest = SubscriptionSettings.extend({
  channel: z.enum(CHANNELS).default('email'),
  /** Mail address, or the URL of a webhook, of a Slack incoming webhook or of a Teams workflow. */
  target: z.string().trim().min(1).max(2048),
});

export type SubscriptionSettings = z.infer<typeof SubscriptionSettings>;
export type SubscriptionRequest = z.infer<typeof SubscriptionRequest>;

/** @throws ElwatchError `invalid-subscription` that lists every fault */
export function readSubscriptionRequest(input: unknown): SubscriptionRequest {
  return read(SubscriptionRequest, input);
}

/** @throws ElwatchError `invalid-subscription` that lists every fault */
export function readSubscriptionSettings(input: unknown): SubscriptionSettings {
  return read(SubscriptionSettings, input);
}

/** What is stored of some settings; what they leave out stays as it was. */
export function applySettings(
  settings: SubscriptionSettings,
  before?: Pick<Subscription, 'filter' | 'notices' | 'schedule' | 'dateLanguage' | 'name' | 'contact'>,
): {
  filter: SubscriptionFilter;
  notices: SubscriptionNotices;
  schedule: Schedule;
  dateLanguage: string;
  name: string;
  contact: string | null;
} {
  const filter = before?.filter ?? WHOLE_FILTER;
  const notices = before?.notices ?? DEFAULT_NOTICES;
  return {
    filter: {
      lists: settings.lists ?? filter.lists,
      countries: settings.destinations ?? filter.countries,
      kinds: settings.kinds ?? filter.kinds,
      minimumCount: settings.minimumCount ?? filter.minimumCount,
      keywords: settings.keywords ?? filter.keywords,
      watchlists: settings.watchlists ?? filter.watchlists,
    },
    notices: {
      provisional: settings.provisional ?? notices.provisional,
      held: settings.held ?? notices.held,
      quietDays: settings.quietDays ?? notices.quietDays,
    },
    schedule: settings.schedule ?? before?.schedule ?? { mode: 'immediate' },
    dateLanguage: settings.dateLanguage ?? before?.dateLanguage ?? 'en',
    name: settings.name ?? before?.name ?? '',
    contact: settings.contact === undefined ? (before?.contact ?? null) : settings.contact,
  };
}

function read<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`);
  throw new ElwatchError('invalid-subscription', faults.join('; ').slice(0, 500), {
    retry: false,
    hint: 'Correct these fields and send it again.',
  });
}

/** One line of plain text: what a header or a log could be broken with is refused. */
function line(most: number) {
  return z
    .string()
    .trim()
    .max(most)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'must be one line of text');
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    // An offset would not know of summer time.
    return !/^[+-]/u.test(name);
  } catch {
    return false;
  }
}
