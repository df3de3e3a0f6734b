import { MailServer } from './mailServer.mts';
import { WebService } from './webService.mts';

/** What the example workflows reach besides Cobalt: a mail server, and everything below example.com. */
export class Surroundings {
	private constructor(
		readonly mailServer: MailServer,
		readonly webService: WebService,
	) {}

	static async start(): Promise<Surroundings> {
		return new Surroundings(await MailServer.start(), await WebService.start());
	}

	/** The same text with the address of the web service in place of those below example.com. */
	redirect(text: string): string {
		return text.replace(/https:\/\/\w+\.example\.com/g, this.webService.url);
	}

	close(): void {
		this.mailServer.close();
		this.webService.close();
	}
}
