import { connect } from 'node:net';

/**
 * Does what a small web server has to bear, until it is killed: clients that send requests and take no answer, that say
 * nothing, or that ask as often as they can.
 */
const [kind = '', port = '', from = ''] = process.argv.slice(2);
const GET = 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n';
const CLIENTS: Readonly<Record<string, number>> = { greedy: 20, idle: 50, hasty: 20, fleeting: 100 };

function client(): void {
  const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress: from });
  socket.on('error', () => {});
  socket.on('close', () => setTimeout(client, 1));
  socket.once('connect', () => {
    if (kind === 'greedy') for (let times = 0; times < 10; times++) socket.write(GET.repeat(2_000));
    if (kind === 'hasty') socket.on('data', () => socket.write(GET)).write(GET);
    if (kind === 'fleeting') socket.end(GET);
  });
}

for (let each = 0; each < (CLIENTS[kind] ?? 0); each++) client();
