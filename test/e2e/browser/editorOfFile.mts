import { afterAll, afterEach, beforeAll } from 'vitest';
import type { BrowserContext } from 'playwright-core';

import type { WorkflowFile } from '../../../tools/n8n-host/workflowFile.mts';
import { OWNER } from '../../../tools/n8n/session.mts';
import { sceneOfFile } from '../scene.mts';
import { launchChromium } from './chromium.mts';
import { Editor, type EditorOptions } from './editor.mts';

/** One n8n and one browser for all tests of a file, the owner signed in. Each test has windows of its own. */
export function editorOfFile() {
	const scene = sceneOfFile();
	let browser: BrowserContext | undefined;
	beforeAll(async () => {
		browser = await launchChromium();
		await signIn(browser, scene.stage.url);
	});
	afterEach(async () => {
		// Chromium ends with its last window.
		await browser?.newPage();
		const used = browser?.pages().slice(0, -1) ?? [];
		for (const page of used) await page.close();
	});
	afterAll(async () => {
		await browser?.close();
	});
	return {
		get cobalt() {
			return scene.stage.cobalt;
		},
		/** Opens a workflow in the editor. */
		async open(file: WorkflowFile, options?: EditorOptions): Promise<Editor> {
			if (!browser) throw new Error('There is no browser before the first test');
			const { id } = await scene.stage.import(file);
			const page = await browser.newPage();
			return await Editor.open(page, `${scene.stage.url}/workflow/${id}`, options);
		},
	};
}

async function signIn(browser: BrowserContext, url: string): Promise<void> {
	const page = await browser.newPage();
	await page.goto(url);
	await page.fill('input[name=emailOrLdapLoginId]', OWNER.email);
	await page.fill('input[name=password]', OWNER.password);
	await page.getByTestId('form-submit-button').click();
	await page.waitForURL(({ pathname }) => pathname !== '/signin');
}
