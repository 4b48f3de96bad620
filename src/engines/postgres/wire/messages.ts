/**
 * Messages to the server, as the manual's "Message Formats" has them (protocol 3.0). Everything a person typed goes
 * through Parse, which takes exactly one statement; `query` is for texts of our own.
 */
export function query(text: string): Buffer {
  return framed('Q', cString(text));
}

/** Without a name it is the statement that the next `parse` replaces. */
export function parse(text: string, name = ''): Buffer {
  return framed('P', Buffer.concat([cString(name), cString(text), Buffer.alloc(2)]));
}

/** Binds a statement to the unnamed portal; every column comes as text. */
export function bind(name = ''): Buffer {
  return framed('B', Buffer.concat([cString(''), cString(name), Buffer.alloc(2 + 2 + 2)]));
}

/** Forgets a named statement; one that is not there is no error. */
export function closeStatement(name: string): Buffer {
  return framed('C', Buffer.concat([Buffer.from('S'), cString(name)]));
}

export const DESCRIBE = framed('D', Buffer.from('P\0'));

/** Fetches at most `maxRows` rows, after which the portal waits; 0 fetches all. */
export function execute(maxRows: number): Buffer {
  const body = Buffer.alloc(5);
  body.writeInt32BE(maxRows, 1);
  return framed('E', body);
}

export const SYNC = framed('S', Buffer.alloc(0));
export const TERMINATE = framed('X', Buffer.alloc(0));

/** Asks the postmaster, on a connection of its own, to cancel what a backend runs. */
export function cancelRequest(pid: number, secret: number): Buffer {
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(80_877_102, 4);
  message.writeInt32BE(pid, 8);
  message.writeInt32BE(secret, 12);
  return message;
}

function framed(type: string, body: Buffer): Buffer {
  const message = Buffer.allocUnsafe(5 + body.length);
  message.write(type, 0, 'latin1');
  message.writeInt32BE(4 + body.length, 1);
  body.copy(message, 5);
  return message;
}

function cString(text: string): Buffer {
  if (text.includes('\0')) throw new Error('Text for the server contains a NUL character.');
  return Buffer.from(`${text}\0`);
}
