import type { EmailMessage } from '../../src/channel/email.ts';
import { WHOLE_FILTER } from '../../src/model.ts';
import { renderEmail } from '../../src/render/email.ts';
import { sampleChangeSet, sampleChanges } from './sample-changes.ts';

export const MAIL_FROM = 'Entity List Watch <alerts@example.org>';

/** An alert as it goes to the mail channel. */
export function sampleMail(
  to = 'ana@example.net',
  deliveryId = '0123456789abcdef0123456789abcdef',
): EmailMessage {
  const changes = sampleChanges();
  return {
    to,
    deliveryId,
    ...renderEmail({
      changeSet: sampleChangeSet(),
      changes,
      allChangesCount: changes.length,
      subscription: { target: to, token: 'tok', filter: WHOLE_FILTER },
      baseUrl: 'https://watch.example.org',
      mailFrom: MAIL_FROM,
      messageId: `<2025-05426.${deliveryId}@example.org>`,
    }),
  };
}
