import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

/** Keeps `npm run test:fast` what it says it is: whoever needs a socket or a process stands in `vitest.config.ts`. */
function refuse(): never {
  throw new Error(
    'This test opens a socket or starts a process: list its file in vitest.config.ts, CONNECTED',
  );
}

Object.assign(net.Server.prototype, { listen: refuse });
Object.assign(net.Socket.prototype, { connect: refuse });
const starting = ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'];
Object.assign(childProcess, Object.fromEntries(starting.map((name) => [name, refuse])));
syncBuiltinESMExports();
