import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that takes everything, in a process of its own: its work is no cost of ours. */
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    // As InfluxDB takes points; to everybody else what Domoticz says.
    if (request.url?.startsWith('/write')) response.writeHead(204).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"OK"}');
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
