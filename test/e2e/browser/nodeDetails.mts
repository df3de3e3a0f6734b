import type { Locator, Page } from 'playwright-core';

/** A node that is open in n8n's editor: its parameters in the middle, its output on the right. */
export class NodeDetails {
	constructor(private readonly page: Page) {}

	get window(): Locator {
		return this.page.getByTestId('ndv');
	}

	get parameters(): Locator {
		return this.window.getByTestId('node-parameters');
	}

	get output(): Locator {
		return this.window.getByTestId('output-panel');
	}

	get credential(): Locator {
		return this.parameters.getByTestId('node-credentials-select').locator('input');
	}

	get executeButton(): Locator {
		return this.window.getByTestId('node-execute-button');
	}

	get webhookUrls(): Locator {
		return this.parameters.getByText('Webhook URLs');
	}

	/** A short notice of n8n in a corner of the window. */
	get notice(): Locator {
		return this.page.locator('.el-notification');
	}

	/** The labels of the parameters that are shown, from top to bottom. */
	async labels(): Promise<string[]> {
		const labels = this.parameters.getByTestId('input-label').filter({ visible: true });
		const texts = await labels.allInnerTexts();
		return texts.map((text) => text.split('\n')[0] ?? '');
	}

	/** The field of a parameter. */
	input(parameter: string): Locator {
		return this.parameter(parameter).locator('input');
	}

	async type(parameter: string, text: string): Promise<void> {
		await this.input(parameter).fill(text);
		await this.input(parameter).press('Enter');
	}

	/** Chooses one of a few options. */
	async choose(parameter: string, option: string): Promise<void> {
		await this.parameter(parameter).click();
		await this.page.getByRole('option', { name: option }).click();
	}

	/** Searches in the list of a resource locator, which is open then. */
	async search(parameter: string, text: string): Promise<void> {
		await this.parameter(parameter).getByTestId('rlc-input').click();
		// n8n forgets the name of what is picked while the answer is on its way.
		const answer = this.page.waitForResponse(
			(response) =>
				response.url().includes('/resource-locator-results') &&
				(response.request().postDataJSON() as { filter?: string }).filter === text,
		);
		await this.page.getByTestId('rlc-search').filter({ visible: true }).fill(text);
		await (await answer).finished();
	}

	/** What the open list of a resource locator offers. */
	get listed(): Locator {
		return this.page.getByTestId('rlc-item').filter({ visible: true });
	}

	async pick(parameter: string, text: string, name: string): Promise<void> {
		await this.search(parameter, text);
		await this.listed.getByText(name).click();
	}

	/** *Execute step*. */
	async execute(): Promise<void> {
		await this.executeButton.click();
	}

	/** *Execute step* of a trigger that waits for a call. Resolves when n8n listens for it. */
	async listen(): Promise<void> {
		const answer = this.page.waitForResponse(/\/rest\/workflows\/[^/]+\/run/);
		await this.execute();
		await (await answer).finished();
	}

	/** The items in the output panel, once the step was successful. */
	async outputItems(): Promise<unknown> {
		await this.output.getByTestId('node-run-status-success').waitFor();
		await this.output.getByTestId('radio-button-json').click();
		const json = this.output.locator('.vjs-tree');
		await json.waitFor();
		const text = (await json.textContent()) ?? '';
		const nonBreakingSpace = '\u00a0';
		return JSON.parse(text.replaceAll(nonBreakingSpace, ' '));
	}

	/** What the output panel says of a step that failed. */
	async outputError(): Promise<{ message: string; description: string }> {
		const [message, description] = await Promise.all([
			this.output.getByTestId('node-error-message').innerText(),
			this.output.getByTestId('node-error-description').innerText(),
		]);
		return { message, description };
	}

	private parameter(name: string): Locator {
		return this.parameters.getByTestId(`parameter-input-${name}`).first();
	}
}
