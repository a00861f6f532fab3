import { ElwatchError } from '../errors.ts';
import { judgeMailRefusal, readMailStatus } from '../mail-status.ts';

/** The fields that nodemailer puts on its errors. */
interface SmtpFailure {
  code?: string;
  /** Of SMTP, as "RCPT TO". */
  command?: string;
  responseCode?: number;
  response?: string;
  timeoutType?: string;
  message: string;
}

const NETWORK_HINT = 'Check SMTP_URL and that the mail server is up; the message will be tried again.';
const AMBIGUOUS = 'ambiguous: the server may have accepted the message before the connection ended';
/** What Node says of a certificate that it does not trust. */
const CERTIFICATE = /certificate|CERT_|self[- ]signed|ALTNAME|altnames|UNABLE_TO_(?:GET|VERIFY)/u;
/** RFC 5321 §4.2.3: service shuts down or is too busy, mailbox busy, error in processing, too little room. */
const BUSY = new Set([421, 450, 451, 452]);

/**
 * Sorts a failure of the mail server: 4xx and the network may pass (retry), 5xx will not. Where the
 * connection ended in mid-session the message may have been taken, and the error says "ambiguous".
 * The code `smtp-no-mailbox` says that the address is of no use; every other `smtp-5…` is of one message.
 */
export function toSmtpError(cause: unknown): ElwatchError {
  const failure = failureOf(cause);
  const answer = (failure.response ?? failure.message).replace(/\s+/gu, ' ').slice(0, 300);
  const reply = failure.responseCode ?? 0;
  // A wrong password answers 535, but the fault is ours and not the recipient's: nobody may be given up for it.
  if (failure.code === 'EAUTH') {
    return new ElwatchError('smtp-auth', `the mail server refused our user name or password: ${answer}`, {
      retry: true,
      hint: 'Correct the user name and password in SMTP_URL; the message will be tried again.',
      cause,
    });
  }
  // Before the reply: a server without STARTTLS says 5xx to the attempt.
  if (
    failure.code === 'ETLS' ||
    failure.code === 'EREQUIRETLS' ||
    CERTIFICATE.test(`${failure.message} ${codeOf(cause)}`)
  ) {
    return new ElwatchError('smtp-tls', `no encrypted connection to the mail server: ${answer}`, {
      retry: true,
      hint: 'The server must offer STARTTLS with a valid certificate, or use smtps:// in SMTP_URL.',
      cause,
    });
  }
  if (reply >= 500) return refusedError(failure, reply, answer, cause);
  if (reply >= 400) {
    return new ElwatchError(`smtp-${reply}`, `the mail server asks to try later: ${answer}`, {
      retry: true,
      hint: 'Nothing to do: the message will be tried again.',
      cause,
    });
  }
  if (failure.code === 'ETIMEDOUT') return timeoutError(failure, answer, cause);
  // Refused by the client itself, before the server saw it: the same message would be refused again.
  if (failure.code === 'EENVELOPE' || failure.code === 'EMESSAGE') {
    return new ElwatchError('smtp-refused', `the message could not be sent: ${answer}`, {
      retry: false,
      hint: 'Check MAIL_FROM and the size of the message.',
      cause,
    });
  }
  const dropped = /closed|ECONNRESET|EPIPE|hang up/iu.test(failure.message);
  return new ElwatchError(
    dropped ? 'smtp-dropped' : 'smtp-network',
    dropped ? `${answer} (${AMBIGUOUS})` : `cannot reach the mail server: ${answer}`,
    { retry: true, hint: NETWORK_HINT, cause },
  );
}

/** Whether the message may have been delivered although sending failed. */
export function isAmbiguous(error: unknown): boolean {
  return error instanceof ElwatchError && (error.code === 'smtp-timeout' || error.code === 'smtp-dropped');
}

/** Whether the address itself was refused for good. */
export function isNoMailbox(error: unknown): boolean {
  return error instanceof ElwatchError && error.code === 'smtp-no-mailbox';
}

/**
 * Whether the servers behind a recipient's domain asked to come back later. What is said of our own session
 * (greeting, login, sender, idle time) is not about the domain, and a status x.2.x is about one mailbox
 * (RFC 3463 §3.3).
 */
export function isDomainBusy(cause: unknown): boolean {
  const { code, responseCode = 0, response = '', ...rest } = failureOf(cause);
  // nodemailer names no command for a 421 to a message, only that the server ends the connection with it.
  const command = responseCode === 421 && code === 'ECONNECTION' ? '' : (rest.command ?? '');
  return (
    BUSY.has(responseCode) &&
    isOfMessage(command) &&
    !/^4\.(?:2\.|4\.2$)/u.test(readMailStatus(response) ?? '')
  );
}

/** Whether a command is about one recipient or message; others are about us. */
function isOfMessage(command: string): boolean {
  return command === '' || /^(?:RCPT TO|DATA|BDAT)/u.test(command);
}

function refusedError(failure: SmtpFailure, reply: number, answer: string, cause: unknown): ElwatchError {
  const { command = '' } = failure;
  // A size that is too much may be refused with the sender already (RFC 1870 §6.1).
  if (!isOfMessage(command) && reply !== 552)
    return new ElwatchError('smtp-unwelcome', `the mail server does not serve us: ${answer}`, {
      retry: true,
      hint: 'Check MAIL_FROM, BOUNCE_ADDRESS and the rights of the login in SMTP_URL; it will be tried again.',
      cause,
    });
  const atRecipient = command.startsWith('RCPT TO');
  const refusal = judgeMailRefusal({
    reply,
    status: readMailStatus(answer),
    words: answer,
    // What is said after the content was seen is mostly about the content.
    atRecipient,
  });
  if (refusal === 'no-mailbox')
    return new ElwatchError('smtp-no-mailbox', `there is no such mailbox: ${answer}`, {
      retry: false,
      hint: 'The subscription is disabled. Correct the address, or resume it once the mailbox exists.',
      cause,
    });
  return new ElwatchError(`smtp-${reply}`, `the mail server refused for good: ${answer}`, {
    retry: false,
    hint: 'The message is not accepted: ask the server’s operator. After three in a row the subscription is disabled.',
    cause,
  });
}

function timeoutError(failure: SmtpFailure, answer: string, cause: unknown): ElwatchError {
  const inSession = failure.timeoutType === undefined || failure.timeoutType === 'SOCKET_TIMEOUT';
  return new ElwatchError(
    inSession ? 'smtp-timeout' : 'smtp-network',
    inSession
      ? `the mail server stopped answering (${AMBIGUOUS})`
      : `cannot reach the mail server: ${answer}`,
    { retry: true, hint: NETWORK_HINT, cause },
  );
}

function failureOf(cause: unknown): SmtpFailure {
  return cause instanceof Error ? cause : { message: String(cause) };
}

function codeOf(cause: unknown): string {
  const inner = cause instanceof Error ? (cause.cause as { code?: unknown } | undefined) : undefined;
  return `${(cause as { code?: unknown }).code ?? ''} ${inner?.code ?? ''}`;
}
