const tickMilliseconds = 5;

/** Watches for how long the event loop does nothing else. */
export function watchStalls(): { /** Milliseconds. */ longest(): number } {
  let longest = 0;
  let last = performance.now();
  const tick = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last - tickMilliseconds);
    last = now;
  };
  setInterval(tick, tickMilliseconds).unref();
  return {
    longest: () => {
      tick();
      return longest;
    },
  };
}
