import { ElwatchError } from '../errors.ts';

/** The fields that nodemailer puts on its errors. */
interface SmtpFailure {
  code?: string;
  command?: string;
  responseCode?: number;
  response?: string;
  timeoutType?: string;
  message: string;
}

const NETWORK_HINT = 'Check SMTP_URL and that the mail server is up; the message will be tried again.';
const AMBIGUOUS = 'ambiguous: the server may have accepted the message before the connection ended';

/**
 * Sorts a failure of the mail server: 4xx and the network may pass (retry), 5xx will not. Where the
 * connection ended in mid-session the message may have been taken, and the error says "ambiguous".
 */
export function toSmtpError(cause: unknown): ElwatchError {
  const failure: SmtpFailure = cause instanceof Error ? cause : { message: String(cause) };
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
  if (reply >= 500) {
    return new ElwatchError(`smtp-${reply}`, `the mail server refused for good: ${answer}`, {
      retry: false,
      hint: 'The address or the message is not accepted; correct the address or ask the server’s operator.',
      cause,
    });
  }
  if (reply >= 400) {
    return new ElwatchError(`smtp-${reply}`, `the mail server asks to try later: ${answer}`, {
      retry: true,
      hint: 'Nothing to do: the message will be tried again.',
      cause,
    });
  }
  if (failure.code === 'ETIMEDOUT') return timeoutError(failure, answer, cause);
  if (failure.code === 'ETLS' || failure.code === 'EREQUIRETLS') {
    return new ElwatchError('smtp-tls', `no encrypted connection to the mail server: ${answer}`, {
      retry: true,
      hint: 'The server must offer STARTTLS with a valid certificate, or use smtps:// in SMTP_URL.',
      cause,
    });
  }
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

/** Whether the message may have been delivered although sending failed. */
export function isAmbiguous(error: unknown): boolean {
  return error instanceof ElwatchError && (error.code === 'smtp-timeout' || error.code === 'smtp-dropped');
}
