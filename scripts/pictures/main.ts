import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Resvg } from '@resvg/resvg-js';
import type { ScenarioName } from '../../src/sandbox/scenarios/scenario.ts';
import { startWorkbench, type Workbench } from '../../test/support/sandbox.ts';
import { openScreen, type Screen } from '../../test/support/terminal.ts';
import { darkPalette, lightPalette } from './colours.ts';
import { type Scene, scenes } from './scenes.ts';
import { svgOf } from './svg.ts';

/** `npm run pictures [-- name…]`: every screen of the dashboard, on the sandbox, as SVG and PNG in docs/pictures. */
const folder = 'docs/pictures';
/** Without a change for so long, a screen counts as settled. */
const settleMilliseconds = 400;
const wanted = process.argv.slice(2);
const chosen = scenes.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

await mkdir(folder, { recursive: true });
for (const scenario of new Set(chosen.map((scene) => scene.scenario))) {
  const bench = await openWorld(scenario);
  try {
    for (const scene of chosen.filter((one) => one.scenario === scenario)) await take(scene, bench);
  } finally {
    await bench.stop();
  }
}

/** The scenario when everything in it has come to rest. Where an installation is to be seen at work, it takes its time. */
async function openWorld(scenario: ScenarioName): Promise<Workbench> {
  const bench = await startWorkbench({ scenario, speed: scenario === 'busy' ? 20 : 3 });
  await bench.sandbox.settled();
  return bench;
}

async function take(
  { name, theme = 'dark', size: [columns, rows] = [80, 24], place, sees, play }: Scene,
  bench: Workbench,
) {
  const screen = openScreen(bench.foundry, { theme, columns, rows, ...(place && { place }) });
  try {
    await screen.sees(sees);
    await play?.(screen);
    await settled(screen);
    const svg = svgOf(screen.terminal, theme === 'light' ? lightPalette : darkPalette, `KubeFoundry: ${name}`);
    await writeFile(`${folder}/${name}.svg`, svg);
    const resvg = new Resvg(svg, {
      fitTo: { mode: 'zoom', value: 1.25 },
      font: { defaultFontFamily: 'DejaVu Sans Mono' },
    });
    await writeFile(`${folder}/${name}.png`, resvg.render().asPng());
  } finally {
    await screen.stop();
  }
  console.log(`${folder}/${name}.svg`);
}

/** Until nothing changes any more but what counts seconds. */
async function settled(screen: Screen): Promise<void> {
  const picture = () => screen.text().replaceAll(/\d+s/g, '');
  for (let before = ''; before !== picture(); ) {
    before = picture();
    await sleep(settleMilliseconds);
  }
}
