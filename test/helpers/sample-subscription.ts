import { DEFAULT_NOTICES, type Subscription, WHOLE_FILTER } from '../../src/model.ts';

/** A subscription by mail to everything. */
export function sampleSubscription(fields: Partial<Subscription> = {}): Subscription {
  return {
    subscriptionId: 's1',
    organisationId: 'operator',
    channel: 'email',
    target: 'ana@example.org',
    name: '',
    contact: null,
    status: 'active',
    statusReason: null,
    statusBy: null,
    filter: WHOLE_FILTER,
    notices: DEFAULT_NOTICES,
    schedule: { mode: 'immediate' },
    dateLanguage: 'en',
    token: 'tok',
    createdAt: '2025-01-01T00:00:00Z',
    confirmedAt: '2025-01-01T00:00:00Z',
    vouchedBy: null,
    failingSince: null,
    ...fields,
  };
}
