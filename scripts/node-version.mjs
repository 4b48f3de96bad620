// Imported first, so that an old Node says what it lacks instead of failing on syntax it does not know.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `CloudDB Manager needs Node 20.19 or newer to start (this is ${process.versions.node}); it then brings its own Node 24.`,
  );
  process.exit(1);
}
