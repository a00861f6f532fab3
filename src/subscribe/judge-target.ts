import { createHash } from 'node:crypto';
import { parseAddress } from '../channel/address.ts';
import { type AllowHosts, judgeTarget } from '../channel/address-guard.ts';
import { judgeChatTarget } from '../channel/chat.ts';
import type { Channel } from '../model.ts';

/** A target that its channel can reach by its form. */
export interface JudgedTarget {
  /** As people may see it. */
  shown: string;
  /** All of it: a mail address or a URL. */
  whole: string;
}

/** @throws ElwatchError `invalid-address`, `invalid-target`, `target-not-public` */
export function judgeTargetOf(channel: Channel, target: string, allow: AllowHosts): JudgedTarget {
  if (channel === 'email') {
    const address = parseAddress(target);
    return { shown: address, whole: address };
  }
  if (channel === 'webhook') {
    const url = judgeTarget(target, allow);
    // A query often holds a key.
    return { shown: `${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}`, whole: url.href };
  }
  const url = judgeChatTarget(channel, target, allow);
  // Whoever knows the address of a chat can write into it, so only its mark is shown.
  const mark = createHash('sha256').update(url.href).digest('hex').slice(0, 8);
  return { shown: `${url.host}/… (${mark})`, whole: url.href };
}
