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
import { isSharedName, readDestination } from './parse/read-destination.ts';

/** Languages in which days can be written; the sentences around them are English. */
export const DATE_LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'ja', 'ko', 'zh'] as const;

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/u, 'must be a time of day such as 08:30');
const timeZone = z
  .string()
  .max(60, 'must be a time zone such as Europe/Berlin or America/New_York')
  .refine(isTimeZone, 'must be a time zone such as Europe/Berlin or America/New_York');

const schedule = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('immediate') }),
  z.strictObject({ mode: z.literal('daily'), at: timeOfDay, timeZone }),
  z.strictObject({ mode: z.literal('weekly'), at: timeOfDay, timeZone, weekday: z.int().min(1).max(7) }),
]);

/** A code, or a name as the lists print it or people say it; what is stored is the code. */
const destination = z
  .string()
  .max(120, 'must be the name of a destination, such as China, or its code')
  .transform((text, context) => {
    const code = readDestination(text);
    if (code !== null) return code;
    const message = isSharedName(text)
      ? `“${text}” may be more than one destination: give its code, or its whole name`
      : `“${text}” is no destination that we know: give a name such as China, or a code such as CN`;
    context.issues.push({ code: 'custom', message, input: text });
    return z.NEVER;
  });

/** Whether a code in capitals is of a destination that there is: of ISO 3166-1 (and XK), or of a region. */
export function isDestination(code: string): boolean {
  return /^[A-Z]{2}(?:-\d\d)?$/u.test(code) && readDestination(code) !== null;
}

/** What a subscription can be about and how it comes; each part may be left out. */
export const SubscriptionSettings = z.strictObject({
  name: line(80).optional(),
  contact: z.string().trim().max(254).nullable().optional(),
  lists: z.array(z.enum(LIST_NAMES)).max(LIST_NAMES.length).optional(),
  destinations: z.array(destination).max(250, 'are 250 at most').optional(),
  kinds: z.array(z.enum(CHANGE_KINDS)).max(CHANGE_KINDS.length).optional(),
  minimumCount: z
    .int('must be a whole number from 1 to 10,000')
    .min(1, 'must be a whole number from 1 to 10,000')
    .max(10_000, 'must be a whole number from 1 to 10,000')
    .optional(),
  keywords: z
    .array(line(80).pipe(z.string().min(2, 'must have 2 to 80 characters')))
    .max(100, 'are 100 at most')
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

/** What is wrong with one field, in a sentence. */
export interface FieldFault {
  /** As the schema calls it; of a schedule its part, as `timeZone`. */
  field: string;
  text: string;
}

/** A request that cannot be taken, with every fault. */
export class InvalidSubscription extends ElwatchError {
  readonly faults: readonly FieldFault[];

  constructor(faults: readonly FieldFault[]) {
    super(
      'invalid-subscription',
      [...new Set(faults.map(({ text }) => text))].join(' ').slice(0, MOST_SAID),
      { retry: false, hint: 'Correct this and send it again.' },
    );
    this.faults = faults;
  }
}

const MOST_SAID = 500;
/** What a fault that says "must be" is said of. */
const SUBJECTS: Record<string, string> = {
  target: 'The target',
  name: 'The name',
  contact: 'The contact',
  lists: 'Each list',
  destinations: 'Destinations',
  kinds: 'Each kind of change',
  minimumCount: 'The number of changes',
  keywords: 'Each keyword',
  watchlists: 'Each watchlist',
  mode: 'The schedule',
  at: 'The time',
  timeZone: 'The clock',
  weekday: 'The day of the week',
  dateLanguage: 'The language of days',
};

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
  throw new InvalidSubscription(parsed.error.issues.map(({ path, message }) => faultOf(path, message)));
}

function faultOf(path: readonly PropertyKey[], message: string): FieldFault {
  const steps = path.map(String);
  const field = (steps[0] === 'schedule' ? (steps[1] ?? 'mode') : steps[0]) ?? 'request';
  if (message.startsWith('“')) return { field, text: `${message}.` };
  const subject = SUBJECTS[field] ?? (field === 'request' ? 'The request' : `“${field}”`);
  // Our own messages are phrases; those of zod are sentences about types.
  return {
    field,
    text: /^(?:must|are)\b/u.test(message) ? `${subject} ${message}.` : `${subject}: ${message}.`,
  };
}

/** One line of plain text: what a header or a log could be broken with is refused. */
function line(most: number) {
  return z
    .string()
    .trim()
    .max(most, `must have ${most} characters at most`)
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
