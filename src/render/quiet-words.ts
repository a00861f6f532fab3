import { dayInWords, instantInWashington } from './date-facts.ts';
import { countOf } from './words.ts';

/** What is known at the end of a business day on which a subscription was told nothing. */
export interface QuietFacts {
  /** The day in Washington. */
  day: string;
  /** When both sources had last been asked with success; null for never. */
  checkedAt: string | null;
  /** True where that is too long ago to say that there was nothing. */
  isFailing: boolean;
  /** Documents that changed the lists, or were held or filed, on that day; none of them concerned the reader. */
  documentsCount: number;
}

/** A quiet day in words: one line, and what it means. */
export function describeQuiet(facts: QuietFacts, dateLanguage = 'en'): { subject: string; text: string } {
  const { day, checkedAt, isFailing, documentsCount } = facts;
  const on = dayInWords(day, dateLanguage);
  const last = checkedAt === null ? 'never' : instantInWashington(checkedAt);
  if (isFailing)
    return {
      subject: `Not checked: no answer from the Federal Register, last check ${last}`,
      text: `Our checks of the Federal Register fail, so we cannot say whether there was a rule on ${on}. The last check with success: ${last}. Look at federalregister.gov yourself until a message says otherwise.`,
    };
  if (documentsCount > 0)
    return {
      subject: `Nothing for you today, last check ${last}`,
      text: `${countOf(documentsCount, 'document', 'documents')} about the lists came on ${on}, and nothing in it meets your subscription. The last check of the Federal Register and of public inspection: ${last}.`,
    };
  return {
    subject: `No rule today, last check ${last}`,
    text: `No rule changed the lists on ${on}, and none was filed for public inspection. The last check of both: ${last}.`,
  };
}
