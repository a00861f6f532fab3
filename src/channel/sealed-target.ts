import type { Secrets } from '../secrets.ts';

/** What only the sender may know of a webhook or a chat. */
export interface SealedTarget {
  url: string;
  /** Signing secrets of a webhook, the newest first; one that was replaced is good until its instant. */
  secrets: { value: string; until: string | null }[];
}

/** For the column `sealed` of a subscription. */
export function sealTarget(secrets: Secrets, target: SealedTarget): string {
  return secrets.seal(JSON.stringify(target));
}

/** @throws ElwatchError `sealed-unreadable` */
export function unsealTarget(secrets: Secrets, sealed: string): SealedTarget {
  return JSON.parse(secrets.unseal(sealed)) as SealedTarget;
}

/** The secrets that are good at an instant. */
export function goodSecrets(target: SealedTarget, now: string): string[] {
  return target.secrets.filter(({ until }) => until === null || until > now).map(({ value }) => value);
}
