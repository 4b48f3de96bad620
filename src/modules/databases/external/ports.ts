/** Below 1024 nothing is a database's own port; these above belong to other services that talk to anybody. */
const OTHER_SERVICES: ReadonlySet<number> = new Set([
  1883, 2049, 2181, 2375, 2376, 2377, 2379, 2380, 3128, 3389, 5672, 5900, 6379, 6443, 8009, 8080, 8443, 8500,
  9090, 9092, 9200, 9300, 10_250, 10_255, 11_211,
]);

export function mayBeDatabasePort(port: number): boolean {
  return port >= 1024 && port <= 65_535 && !OTHER_SERVICES.has(port);
}
