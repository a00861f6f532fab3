import { ElwatchError } from '../errors.ts';
import { type AllowHosts, isAllowedHost, judgeTarget, plainHost, portOf } from './address-guard.ts';
import { createGuardedPost, type GuardedPostOptions, type PostAnswer } from './guarded-post.ts';

export type ChatKind = 'slack' | 'teams';

export interface ChatMessage {
  kind: ChatKind;
  /** The secret address of an incoming webhook (Slack) or of a workflow (Teams). */
  url: string;
  /** The JSON text. */
  payload: string;
}

export interface ChatChannel {
  /**
   * Posts one message to a chat.
   *
   * @throws ElwatchError `slack-gone` and `teams-gone` (for good, so the caller disables the target),
   *   `slack-<status>`, `teams-<status>`, and what `judgeChatTarget` and `GuardedPost.post` throw
   */
  send(message: ChatMessage): Promise<{ outcome: string }>;
  close(): Promise<void>;
}

/** Where the addresses of incoming webhooks and workflows lie, those of the US government clouds included. */
const HOSTS: Record<ChatKind, RegExp> = {
  slack: /^hooks\.slack(?:-gov)?\.com$/u,
  teams: /\.(?:logic\.azure\.(?:com|us)|api\.powerplatform\.(?:com|us)|webhook\.office\.com)$/u,
};
const TITLES: Record<ChatKind, string> = { slack: 'Slack', teams: 'Teams' };
/** Slack's words for a target that will not come back by itself (its changelog of 2016-05-17). */
const SLACK_GONE =
  /\b(?:no_service|no_service_id|no_active_hooks|no_team|team_disabled|invalid_token|action_prohibited|channel_not_found|channel_is_archived|user_not_found|posting_to_general_channel_denied)\b/u;
/** Slack's words for a message that it will never take. */
const SLACK_REFUSED = /\b(?:invalid_payload|invalid_blocks|invalid_blocks_format|no_text|msg_too_long)\b/u;

/**
 * Judges the address of a chat: one of Slack or of Teams, or of a host that the operator allows.
 *
 * @throws ElwatchError `invalid-target`, `target-not-public`
 */
export function judgeChatTarget(kind: ChatKind, target: string, allow: AllowHosts): URL {
  const url = judgeTarget(target, allow);
  const host = plainHost(url.hostname);
  if (HOSTS[kind].test(host) || isAllowedHost(allow, host, portOf(url))) return url;
  throw new ElwatchError('invalid-target', `${host} is no host of ${TITLES[kind]}`, {
    retry: false,
    hint:
      kind === 'slack'
        ? 'Copy the address of the incoming webhook: https://hooks.slack.com/services/…'
        : 'Copy the address that the workflow "Send webhook alerts to a channel" shows.',
  });
}

/** Opens the channel to chats. Connects on first use. */
export function createChatChannel(options: GuardedPostOptions): ChatChannel {
  const door = createGuardedPost(options);
  return {
    async send({ kind, url, payload }) {
      judgeChatTarget(kind, url, options.allowHosts);
      const answer = await door.post(url, payload);
      const status = statusOf(kind, answer);
      if (status < 200 || status > 299) throw refusal(kind, { ...answer, status });
      return { outcome: answer.outcome };
    },
    close: door.close,
  };
}

/** Both say "taken" with a status alone, and both have a way of answering 200 to what they did not take. */
function statusOf(kind: ChatKind, { status, text }: PostAnswer): number {
  if (status !== 200) return status;
  // An office.com connector reports the failure behind it in words.
  const behind = kind === 'teams' ? /returned HTTP error (\d{3})\b/u.exec(text)?.[1] : undefined;
  if (behind !== undefined) return Number(behind);
  // Slack says "ok"; a page in its place is of something else on the way.
  return kind === 'slack' && text !== 'ok' ? 502 : 200;
}

function refusal(kind: ChatKind, { status, text, retryAfterSeconds }: PostAnswer): ElwatchError {
  const message = `${TITLES[kind]} answered ${status}${text === '' ? '' : `: ${text}`}`;
  const gone = status === 404 || status === 410 || (kind === 'slack' && SLACK_GONE.test(text));
  if (gone)
    return new ElwatchError(`${kind}-gone`, message, {
      retry: false,
      hint: `The address is no longer good, so the target is disabled. Make a new one in ${TITLES[kind]}.`,
    });
  const refused = status === 413 || (kind === 'slack' && SLACK_REFUSED.test(text));
  return new ElwatchError(`${kind}-${status}`, message, {
    retry: !refused,
    hint: refused
      ? 'This is a fault of the program: the message must be made so that a chat can take it.'
      : 'Nothing to do: the message will be sent again.',
    retryAfterSeconds,
  });
}
