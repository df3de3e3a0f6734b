import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject } from 'n8n-workflow';

/** A tool as the model is offered it. */
export interface OfferedTool {
	name: string;
	description: string;
	parameters: { properties: Record<string, IDataObject>; required?: string[] };
}

/** What the model does next: it calls a tool, or it answers. */
export type Turn =
	{ readonly tool: string; readonly args: IDataObject } | { readonly text: string };

/** Decides on a turn with what the tools have returned so far, the last one last. */
export type Decide = (results: readonly unknown[]) => Turn;

interface CompletionRequest {
	messages: { role: string; content: unknown }[];
	tools?: { function: OfferedTool }[];
}

/**
 * A language model that follows a script, behind OpenAI's API for chat completions. A turn can use what the tools
 * have returned, as a real model does, and nothing else.
 */
export class ChatModel {
	/** The tools of the last request. */
	tools: OfferedTool[] = [];

	/** What the tools have returned, in the order of the calls: parsed, where it is JSON. */
	results: unknown[] = [];

	private script: readonly Decide[] = [];

	readonly #server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const body = JSON.parse(Buffer.concat(chunks).toString()) as CompletionRequest;
			response
				.setHeader('content-type', 'application/json')
				.end(JSON.stringify(this.complete(body)));
		});
	});

	static async start(): Promise<ChatModel> {
		const model = new ChatModel();
		model.#server.listen(0, '127.0.0.1');
		await once(model.#server, 'listening');
		return model;
	}

	/** The data of n8n's credential for it. */
	get credential(): { apiKey: string; url: string } {
		const { port } = this.#server.address() as AddressInfo;
		return { apiKey: 'none', url: `http://127.0.0.1:${port}/v1` };
	}

	/** What it does in the next conversation. */
	follow(...script: readonly Decide[]): void {
		this.script = script;
	}

	close(): void {
		this.#server.close();
		this.#server.closeAllConnections();
	}

	private complete({ messages, tools = [] }: CompletionRequest): object {
		this.tools = tools.map((tool) => tool.function);
		this.results = messages.filter(({ role }) => role === 'tool').map(resultIn);
		const decide = this.script[this.results.length];
		const turn = decide?.(this.results) ?? { text: 'Done.' };
		const message =
			'text' in turn
				? { content: turn.text }
				: { content: null, tool_calls: [toolCall(turn.tool, turn.args, this.results.length)] };
		return {
			id: 'chatcmpl-scripted',
			object: 'chat.completion',
			created: 0,
			model: 'scripted',
			choices: [
				{
					index: 0,
					finish_reason: 'text' in turn ? 'stop' : 'tool_calls',
					message: { role: 'assistant', ...message },
				},
			],
			usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
		};
	}
}

const toolCall = (name: string, args: IDataObject, index: number) => ({
	id: `call_${index}`,
	type: 'function',
	function: { name, arguments: JSON.stringify(args) },
});

function resultIn({ content }: { content: unknown }): unknown {
	const text = typeof content === 'string' ? content : JSON.stringify(content);
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
