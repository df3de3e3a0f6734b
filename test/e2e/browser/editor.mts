import type { Locator, Page } from 'playwright-core';

import { eventually } from '../../../tools/n8n/session.mts';
import { NodeDetails } from './nodeDetails.mts';
import { picture } from './picture.mts';

export interface EditorOptions {
	/** What the system is set to: n8n goes by it unless told otherwise. Default: light. */
	readonly theme?: 'light' | 'dark';
	/** Default: high enough for a long form. */
	readonly window?: { readonly width: number; readonly height: number };
}

const HIGH_WINDOW = { width: 1440, height: 1080 };

/** n8n's editor with a workflow open, as a user sees it. */
export class Editor {
	private constructor(readonly page: Page) {}

	static async open(
		page: Page,
		url: string,
		{ theme = 'light', window = HIGH_WINDOW }: EditorOptions = {},
	): Promise<Editor> {
		await page.setViewportSize(window);
		await page.emulateMedia({ colorScheme: theme });
		await page.goto(url);
		await page.getByTestId('canvas').waitFor();
		return new Editor(page);
	}

	get nodePanel(): Locator {
		return this.page.getByTestId('node-creator');
	}

	/** The nodes on the canvas, or one of them. */
	canvasNode(name?: string): Locator {
		const nodes = this.page.getByTestId('canvas-node');
		return name === undefined ? nodes : nodes.and(this.page.locator(`[data-node-name="${name}"]`));
	}

	/** Searches the node panel for the step after this node, or for the first of a new workflow. */
	async searchNodePanel(text: string, { after }: { after?: string } = {}): Promise<void> {
		const plus =
			after === undefined
				? this.page.getByTestId('canvas-plus-button')
				: this.canvasNode(after).getByTestId('canvas-handle-plus');
		const search = this.nodePanel.getByTestId('node-creator-search-bar');
		await insist(() => plus.click({ timeout: 2000 }), search);
		await search.fill(text);
	}

	/** Opens a node that was found in the node panel: its actions and triggers. */
	async showActions(title: string): Promise<void> {
		const entry = this.nodePanel
			.getByTestId('node-creator-item-name')
			.getByText(title, { exact: true });
		await entry.click();
		await this.nodePanel.getByTestId('node-creator-category-item').first().waitFor();
	}

	/** Adds a node with one of its actions or triggers, as the node panel names it. It opens by itself. */
	async add(action: RegExp): Promise<NodeDetails> {
		await this.nodePanel.getByTestId('node-creator-item-name').filter({ hasText: action }).click();
		return await this.nodeDetails();
	}

	async openNode(name: string): Promise<NodeDetails> {
		const node = this.canvasNode(name);
		await insist(() => node.dblclick({ timeout: 2000 }), this.page.getByTestId('ndv'));
		return await this.nodeDetails();
	}

	/** For the documentation: see `picture`. */
	async picture(name: string, ...parts: Locator[]): Promise<void> {
		await picture(this.page, name, parts);
	}

	private async nodeDetails(): Promise<NodeDetails> {
		const details = new NodeDetails(this.page);
		await details.parameters.waitFor();
		return details;
	}
}

/** Repeats an action until it shows: for some seconds after it appeared, the canvas does not listen. */
async function insist(action: () => Promise<void>, sign: Locator): Promise<void> {
	await eventually(`${String(sign)} is there`, async () => {
		const shows = () =>
			sign.waitFor({ timeout: 2000 }).then(
				() => true,
				() => undefined,
			);
		if (await sign.isVisible()) return true;
		await action().catch(() => undefined);
		return await shows();
	});
}
