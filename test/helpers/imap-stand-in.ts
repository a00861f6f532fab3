import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface StoredMail {
  uid: number;
  seen: boolean;
  raw: string;
}

export interface ImapStandIn {
  url: string;
  mails: StoredMail[];
  /** Every command that came, without its tag and without the password. */
  commands: string[];
  add(raw: string): void;
  close(): Promise<void>;
}

const LOGIN = { user: 'bounces', password: 'p@ss word' };

/**
 * A mailbox behind as much of RFC 3501 as a reader of bounces needs: LOGIN, SELECT, EXAMINE, UID SEARCH, UID FETCH of
 * a part of a message, UID STORE of \Seen.
 */
export async function startImap(state: { refuseFetch?: boolean } = {}): Promise<ImapStandIn> {
  const mails: StoredMail[] = [];
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    const write = (...lines: string[]) => socket.write(lines.map((line) => `${line}\r\n`).join(''), 'latin1');
    let pending = '';
    socket.on('data', (chunk) => {
      pending += chunk.toString('latin1');
      for (let end = pending.indexOf('\r\n'); end !== -1; end = pending.indexOf('\r\n')) {
        const line = pending.slice(0, end);
        pending = pending.slice(end + 2);
        answer(line);
      }
    });
    const answer = (line: string) => {
      const [, tag = '*', command = ''] = /^(\S+) (.*)$/u.exec(line) ?? [];
      commands.push(command.replace(/^(LOGIN) .*/iu, '$1'));
      const ok = (...untagged: string[]) => write(...untagged, `${tag} OK done`);
      const verb = command.toUpperCase();
      if (verb === 'CAPABILITY') return ok('* CAPABILITY IMAP4rev1');
      if (verb.startsWith('LOGIN ')) {
        const given = [...command.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/gu)]
          .slice(1)
          .map((one) => one[1] ?? one[2]);
        return given[0] === LOGIN.user && given[1] === LOGIN.password
          ? ok()
          : write(`${tag} NO [AUTHENTICATIONFAILED] wrong user name or password`);
      }
      if (/^(?:SELECT|EXAMINE) "?INBOX"?/u.test(verb))
        return write(
          '* FLAGS (\\Seen \\Deleted)',
          `* ${mails.length} EXISTS`,
          '* 0 RECENT',
          '* OK [UIDVALIDITY 1] ids are lasting',
          `* OK [UIDNEXT ${mails.length + 100}] next`,
          `${tag} OK [READ-${verb.startsWith('EXAMINE') ? 'ONLY' : 'WRITE'}] selected`,
        );
      if (verb.startsWith('UID SEARCH'))
        return ok(
          `* SEARCH ${mails
            .filter(({ seen }) => !seen)
            .map(({ uid }) => uid)
            .join(' ')}`.trimEnd(),
        );
      if (verb.startsWith('UID FETCH')) return fetch(tag, verb);
      const store = /^UID STORE (\d+) \+FLAGS(?:\.SILENT)? \(\\SEEN\)/u.exec(verb);
      if (store !== null) {
        for (const mail of mails) if (mail.uid === Number(store[1])) mail.seen = true;
        return ok();
      }
      if (verb === 'LOGOUT') {
        write('* BYE until next time', `${tag} OK bye`);
        return socket.end();
      }
      if (/^(?:NOOP|NAMESPACE|LIST|ID|CLOSE)\b/u.test(verb)) return ok();
      write(`${tag} BAD unknown: ${command}`);
    };
    const fetch = (tag: string, verb: string) => {
      const uid = Number(/^UID FETCH (\d+)/u.exec(verb)?.[1]);
      const at = mails.findIndex((mail) => mail.uid === uid);
      if (at === -1 || state.refuseFetch) return write(`${tag} OK nothing`);
      const partial = /BODY(?:\.PEEK)?\[\]<(\d+)\.(\d+)>/u.exec(verb);
      const [start, length] = [Number(partial?.[1] ?? 0), Number(partial?.[2] ?? Number.POSITIVE_INFINITY)];
      const bytes = Buffer.from(mails[at]!.raw, 'latin1').subarray(start, start + length);
      // RFC 3501 §6.4.5: without PEEK to read is to have seen.
      if (!verb.includes('PEEK')) mails[at]!.seen = true;
      socket.write(
        `* ${at + 1} FETCH (UID ${uid} BODY[]${partial ? `<${start}>` : ''} {${bytes.length}}\r\n`,
      );
      socket.write(bytes);
      write(')', `${tag} OK fetched`);
    };
    write('* OK a mailbox of the tests');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    url: `imap://${LOGIN.user}:${encodeURIComponent(LOGIN.password)}@127.0.0.1:${port}/INBOX`,
    mails,
    commands,
    add(raw) {
      mails.push({ uid: 10 + mails.length * 3, seen: false, raw });
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
