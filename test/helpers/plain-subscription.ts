import { DEFAULT_NOTICES, WHOLE_FILTER } from '../../src/model.ts';
import { toJson } from '../../src/store/clean-text.ts';

/** What rows of subscriptions have in common that are stored by the thousand: active, of everything, told at once. */
export const PLAIN_SUBSCRIPTION = {
  name: '',
  contact: null,
  status: 'active' as const,
  filter: toJson(WHOLE_FILTER),
  notices: toJson(DEFAULT_NOTICES),
  schedule: toJson({ mode: 'immediate' as const }),
  dateLanguage: 'en',
};
