// Loaded before the tests of a body, in the processes that run it: no network but this machine, no other
// process, no file outside of one folder. The second wall where the kernel keeps it apart, else the only one.
'use strict';
if (process.send !== undefined) {
  const net = require('node:net');
  const path = require('node:path');
  const own = new Set(['127.0.0.1', '::1', 'localhost', undefined, '']);
  const refuse = (what) => () => {
    throw new Error(`Refused while a body is proved: ${what}`);
  };
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...given) {
    const first = Array.isArray(given[0]) ? given[0][0] : given[0];
    const host = typeof first === 'object' && first !== null ? first.host : given[1];
    if (!own.has(typeof host === 'string' ? host : undefined)) {
      refuse('a connection')();
    }
    return connect.apply(this, given);
  };
  require('node:dgram').createSocket = refuse('a socket');
  for (const name of ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync']) {
    require('node:child_process')[name] = refuse('a process');
  }
  const fs = require('node:fs');
  const home = path.resolve(process.env.TMPDIR ?? '.');
  const inside = (file) => typeof file !== 'string' || path.resolve(file).startsWith(home);
  for (const name of ['writeFile', 'appendFile', 'rm', 'unlink', 'rmdir', 'rename', 'copyFile', 'truncate']) {
    for (const each of [name, `${name}Sync`]) {
      const kept = fs[each];
      fs[each] = (file, ...more) => (inside(file) ? kept(file, ...more) : refuse('a file')());
    }
    const kept = fs.promises[name];
    if (kept !== undefined) {
      fs.promises[name] = (file, ...more) => (inside(file) ? kept(file, ...more) : refuse('a file')());
    }
  }
  require('node:module').syncBuiltinESMExports();
}
