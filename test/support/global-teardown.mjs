async function globalTeardown() {
  await globalThis.stopTestServers?.();
}

export { globalTeardown as default };
