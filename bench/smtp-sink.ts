import { createServer } from 'node:net';

/**
 * A process that takes mail and forgets it, as fast as it can: it answers each command and each message, and prints its
 * port. What it takes of the time is the same for all who send to it. Asked over its channel, it says how many it took.
 */
let taken = 0;
const server = createServer((socket) => {
  let isData = false;
  let left = '';
  socket.on('error', () => {});
  socket.write('220 sink\r\n');
  socket.on('data', (chunk) => {
    left += chunk.toString('latin1');
    for (;;) {
      const mark = isData ? '\r\n.\r\n' : '\r\n';
      const end = left.indexOf(mark);
      if (end === -1) {
        // Of a message only what may be the beginning of its end matters.
        if (isData) left = left.slice(-mark.length);
        return;
      }
      const command = left.slice(0, isData ? 0 : end).toUpperCase();
      left = left.slice(end + mark.length);
      if (isData) {
        isData = false;
        taken += 1;
      } else if (command === 'DATA') isData = true;
      socket.write(isData ? '354 go on\r\n' : command === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
    }
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
process.on('message', () => process.send!(taken));
process.on('disconnect', () => process.exit());
