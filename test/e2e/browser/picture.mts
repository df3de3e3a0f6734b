import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';

const FOLDER = fileURLToPath(new URL('../../../docs/images/', import.meta.url));

/** Pixels for each of the page's own: sharp on a good screen. */
const SCALE = 1.5;

/** Runs in the browser. Movements begin with the next frame; what never ends is not waited for. */
const MOVEMENTS_END = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
	.then(() => Promise.allSettled(
		document
			.getAnimations()
			.filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity)
			.map(({ finished }) => finished),
	))`;

/**
 * Takes a picture for the documentation, of the whole window or of the parts that are named. Without
 * PICTURES in the environment, nothing happens.
 */
export async function picture(page: Page, name: string, parts: readonly Locator[]): Promise<void> {
	if (!process.env.PICTURES) return;
	await tidyUp(page);
	const clip = { ...(await area(page, parts)), scale: SCALE };
	const devTools = await page.context().newCDPSession(page);
	// Playwright itself knows no WebP.
	const { data } = await devTools.send('Page.captureScreenshot', {
		format: 'webp',
		quality: 85,
		clip,
	});
	mkdirSync(FOLDER, { recursive: true });
	writeFileSync(`${FOLDER}${name}.webp`, data, 'base64');
}

/** Leaves nothing in the picture that comes and goes: n8n's notices, tooltips, movements. */
async function tidyUp(page: Page): Promise<void> {
	await page.addStyleTag({ content: '.el-notification { display: none !important; }' });
	await page.mouse.move(0, 0);
	await page.evaluate(MOVEMENTS_END);
}

/** The smallest rectangle around the parts, or the whole window. */
async function area(page: Page, parts: readonly Locator[]) {
	const wholeWindow = page.locator('html');
	const shown = parts.length > 0 ? parts : [wholeWindow];
	const boxes = await Promise.all(shown.map((part) => part.boundingBox()));
	const known = boxes.filter((box) => box !== null);
	const x = Math.min(...known.map((box) => box.x));
	const y = Math.min(...known.map((box) => box.y));
	const right = Math.max(...known.map((box) => box.x + box.width));
	const bottom = Math.max(...known.map((box) => box.y + box.height));
	return { x, y, width: right - x, height: bottom - y };
}
