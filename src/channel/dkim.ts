import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ElwatchError } from '../errors.ts';

/** Where the key is that signs mail, and the name under which its public half stands in DNS. */
export interface DkimOptions {
  domain: string;
  /** The record is `<selector>._domainkey.<domain>`. */
  selector: string;
  /** PEM of an RSA key. */
  keyFile: string;
}

/** What nodemailer is given to sign with. */
export interface DkimSigning {
  domainName: string;
  keySelector: string;
  /** Read once: nodemailer hands it on to `sign`, which would parse the PEM again for every message (0.7 for 0.2 ms). */
  privateKey: KeyObject;
  headerFieldNames: string;
}

/**
 * RFC 6376 §5.4.1 with the fields that RFC 8058 §4 asks for: one click counts only where the signature covers
 * both List-Unsubscribe and List-Unsubscribe-Post. nodemailer's own choice leaves the second out.
 */
const SIGNED = [
  ...['From', 'To', 'Subject', 'Date', 'Message-ID', 'In-Reply-To', 'References'],
  ...['MIME-Version', 'Content-Type', 'Content-Transfer-Encoding'],
  ...['List-ID', 'List-Unsubscribe', 'List-Unsubscribe-Post', 'Auto-Submitted'],
].join(':');

/** RFC 8301 §3.2: verifiers may refuse less than 1024 bits, and signers should use 2048. */
const FEWEST_BITS = 1024;

/**
 * Reads and checks the key.
 *
 * @throws ElwatchError `dkim-key`, which never shows the key
 */
export function readDkim({ domain, selector, keyFile }: DkimOptions): DkimSigning {
  let pem: string;
  try {
    pem = readFileSync(keyFile, 'utf8');
  } catch (cause) {
    throw dkimError(`cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown fault'})`, keyFile);
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw dkimError('is no private key in PEM form without a password', keyFile);
  }
  if (key.asymmetricKeyType !== 'rsa')
    throw dkimError(`is a key of the kind ${key.asymmetricKeyType}, not RSA`, keyFile);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < FEWEST_BITS) throw dkimError(`has ${bits} bits, fewer than ${FEWEST_BITS}`, keyFile);
  return { domainName: domain, keySelector: selector, privateKey: key, headerFieldNames: SIGNED };
}

function dkimError(reason: string, keyFile: string): ElwatchError {
  return new ElwatchError('dkim-key', `the key of DKIM_KEY_FILE, ${keyFile}, ${reason}`, {
    retry: false,
    hint: 'Make one with: openssl genrsa -out dkim.pem 2048',
  });
}
