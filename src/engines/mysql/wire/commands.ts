/**
 * Commands of the client/server protocol. Without CLIENT_MULTI_STATEMENTS a COM_QUERY holds exactly one statement, and
 * several commands may be on their way at once: the server answers them in order.
 */
const COM_QUIT = 0x01;
const COM_INIT_DB = 0x02;
const COM_QUERY = 0x03;
const COM_RESET_CONNECTION = 0x1f;
const MAX_PAYLOAD = 0xffffff;

export function query(text: string): Buffer {
  return command(COM_QUERY, text);
}

export function useDatabase(name: string): Buffer {
  return command(COM_INIT_DB, name);
}

export const RESET = command(COM_RESET_CONNECTION, '');
export const QUIT = command(COM_QUIT, '');

function command(code: number, text: string): Buffer {
  const length = 1 + Buffer.byteLength(text);
  if (length >= MAX_PAYLOAD) throw new Error('The text is too long for one command.');
  const message = Buffer.allocUnsafe(4 + length);
  message.writeUIntLE(length, 0, 3);
  message[3] = 0;
  message[4] = code;
  message.write(text, 5);
  return message;
}
