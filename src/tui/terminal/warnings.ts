/**
 * Keeps Node's warnings off the screen, where they would stand between the rows for good. Returns what prints them and
 * puts everything back.
 */
export function holdWarnings(): () => void {
  const printers = process.listeners('warning');
  const held: Error[] = [];
  const hold = (warning: Error) => held.push(warning);
  process.removeAllListeners('warning');
  process.on('warning', hold);
  return () => {
    process.removeListener('warning', hold);
    for (const printer of printers) process.on('warning', printer);
    for (const warning of held) process.emit('warning', warning);
  };
}
