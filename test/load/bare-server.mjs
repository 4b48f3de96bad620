// What the governed path is compared with: a Fastify route straight over the driver, in a process of its own.
import Fastify from 'fastify';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.BARE_URL, max: 8 });
const app = Fastify();
app.post('/sql', async (request) => {
  const { rows, fields } = await pool.query({ text: request.body.sql, rowMode: 'array' });
  return { columns: fields.map(({ name }) => name), rows };
});
const address = await app.listen({ port: 0, host: '127.0.0.1' });
process.send({ address });
process.on('disconnect', () => process.exit(0));
