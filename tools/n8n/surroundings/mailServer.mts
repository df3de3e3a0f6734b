import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A mail server that takes every mail and delivers none. */
export class MailServer {
	/** The mails as they came, headers first. */
	readonly mails: string[] = [];

	readonly #sockets = new Set<Socket>();

	readonly #server = createServer((socket) => {
		this.#sockets.add(socket);
		socket.once('close', () => this.#sockets.delete(socket));
		this.#talk(socket);
	});

	static async start(): Promise<MailServer> {
		const mailServer = new MailServer();
		mailServer.#server.listen(0, '127.0.0.1');
		await once(mailServer.#server, 'listening');
		return mailServer;
	}

	/** The data of n8n's SMTP credential. */
	get credential() {
		const { port } = this.#server.address() as AddressInfo;
		return {
			user: '',
			password: '',
			host: '127.0.0.1',
			port,
			secure: false,
			disableStartTls: true,
		};
	}

	close(): void {
		this.#server.close();
		for (const socket of this.#sockets) socket.destroy();
	}

	/** The part of RFC 5321 that a sender without a login needs. */
	#talk(socket: Socket): void {
		let received = '';
		let isMail = false;
		const answer = (line: string) => socket.write(`${line}\r\n`);
		answer('220 ready');
		socket.on('error', () => undefined);
		socket.on('data', (chunk) => {
			received += String(chunk);
			for (;;) {
				const end = isMail ? '\r\n.\r\n' : '\r\n';
				const at = received.indexOf(end);
				if (at === -1) return;
				const text = received.slice(0, at);
				received = received.slice(at + end.length);
				if (isMail) this.mails.push(text);
				const isCommand = !isMail;
				isMail = isCommand && /^DATA$/i.test(text);
				if (isMail) answer('354 go on');
				else if (isCommand && /^QUIT$/i.test(text)) socket.end('221 bye\r\n');
				else answer('250 done');
			}
		});
	}
}
