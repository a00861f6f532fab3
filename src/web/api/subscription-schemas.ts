import { z } from 'zod';
import { CHANNELS } from '../../model.ts';
import { DATE_LANGUAGES, SubscriptionSettings } from '../../subscription-request.ts';
import { changeKind, instantOut, listName } from './schemas.ts';

const Schedule = z
  .union([
    z.object({ mode: z.literal('immediate') }),
    z.object({ mode: z.literal('daily'), at: z.string(), timeZone: z.string() }),
    z.object({ mode: z.literal('weekly'), at: z.string(), timeZone: z.string(), weekday: z.int() }),
  ])
  .meta({ id: 'Schedule' });

export const Subscription = z
  .object({
    subscriptionId: z.string(),
    channel: z.enum(CHANNELS),
    target: z.string().meta({ description: 'Shortened where all of it is a secret.' }),
    name: z.string(),
    contact: z.string().nullable(),
    status: z.enum(['unconfirmed', 'active', 'paused', 'disabled']),
    statusReason: z.string().nullable(),
    statusBy: z.enum(['reader', 'owner', 'operator', 'service']).nullable(),
    lists: z.array(listName),
    destinations: z.array(z.string()),
    kinds: z.array(changeKind),
    minimumCount: z.int(),
    keywords: z.array(z.string()),
    watchlists: z.array(z.string()),
    provisional: z.boolean(),
    held: z.boolean(),
    quietDays: z.boolean(),
    schedule: Schedule,
    dateLanguage: z.enum(DATE_LANGUAGES).or(z.string()),
    createdAt: instantOut,
    confirmedAt: instantOut
      .nullable()
      .meta({ description: 'When its reader said yes, or whoever runs the service vouched for it.' }),
    vouchedBy: z.string().nullable(),
    failingSince: instantOut.nullable(),
  })
  .meta({ id: 'Subscription' });
export const NewSubscription = Subscription.extend({
  signingSecret: z
    .string()
    .nullable()
    .meta({ description: 'Of a webhook, to verify its signatures with. Shown this once.' }),
}).meta({ id: 'NewSubscription' });
/** What of a subscription can be changed. */
export const Edit = SubscriptionSettings.extend({ status: z.enum(['active', 'paused']).optional() });

export const DeliveryOut = z
  .object({
    deliveryId: z.string(),
    kind: z.enum(['alert', 'digest', 'quiet', 'confirm', 'test', 'disabled']),
    subject: z.string(),
    changeSetId: z.string().nullable(),
    channel: z.enum(CHANNELS),
    recipient: z.string(),
    status: z.enum(['gathered', 'due', 'sending', 'sent', 'failed', 'suppressed']),
    messageId: z.string(),
    attempts: z.int(),
    dueAt: instantOut,
    sentAt: instantOut.nullable(),
    maybeDuplicate: z.boolean(),
    outcome: z.string().nullable(),
    digestId: z.string().nullable(),
    acknowledgedAt: instantOut.nullable(),
  })
  .meta({ id: 'Delivery' });
