import { Agent, request } from 'node:http';

/** Posts JSON over a few kept connections and counts what comes back. */
export class Client {
  constructor(connections) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  post(url, body, headers = {}) {
    const payload = JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const call = request(url, {
        method: 'POST',
        agent: this.agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(payload),
          ...headers,
        },
      });
      call.once('error', reject);
      call.once('response', (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const text = Buffer.concat(chunks);
          if (response.statusCode >= 300)
            reject(new Error(`${response.statusCode}: ${text.subarray(0, 500)}`));
          else resolve(text);
        });
      });
      call.end(payload);
    });
  }

  close() {
    this.agent.destroy();
  }
}

/** Runs `act` with `clients` at a time for `ms`; answers the latencies in milliseconds and the rate. */
export async function load(clients, ms, act) {
  const latencies = [];
  const end = performance.now() + ms;
  const started = performance.now();
  const lane = async () => {
    while (performance.now() < end) {
      const from = performance.now();
      await act();
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: clients }, lane));
  const seconds = (performance.now() - started) / 1000;
  latencies.sort((a, b) => a - b);
  return { rate: latencies.length / seconds, p50: at(latencies, 0.5), p99: at(latencies, 0.99) };
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
