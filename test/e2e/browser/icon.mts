import type { Locator } from 'playwright-core';

/** Whether this icon is shown there, and could be loaded. */
export async function hasIcon(place: Locator, file: string): Promise<boolean> {
	const image = place.locator(`img[src$="/${file}"]`).first();
	if (!(await image.isVisible())) return false;
	return await image.evaluate(({ naturalWidth }: { naturalWidth: number }) => naturalWidth > 0);
}
