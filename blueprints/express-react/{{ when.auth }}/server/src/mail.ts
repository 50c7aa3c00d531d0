import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import type { Config } from './config.js';
import type { Context } from './context.js';
import { errorFacts, type Logger } from './logger.js';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Where the mail leads to; development prints it. */
  readonly link?: string;
}

/** A way for mails to leave the service. */
export interface Mailer {
  send(mail: Mail, logger: Logger): Promise<void>;
}

/** How often a mail is tried, and how long after a failure in milliseconds. */
const ATTEMPTS = 3;
const PAUSE = 1000;
const mailers = new WeakMap<Config, Mailer>();
const kept = new WeakMap<Config, Mail[]>();

/**
 * Sends a mail once what was written lasts, and after the answer: to write a mail takes time, which would tell
 * that there is somebody to send it to.
 */
export function sendLater(context: Context, mail: Mail): void {
  const { config, logger } = context;
  context.afterwards(async () => {
    await setImmediate();
    await attempt(mailerOf(config), mail, logger, ATTEMPTS);
  });
}

/** The mails that were sent in a test, oldest first. */
export function mailsOf(config: Config): readonly Mail[] {
  return kept.get(config) ?? [];
}

async function attempt(mailer: Mailer, mail: Mail, logger: Logger, times: number): Promise<void> {
  try {
    await mailer.send(mail, logger);
  } catch (error) {
    const { name, code } = errorFacts(error) as { name?: string; code?: unknown };
    // The text of the error may quote the mail, and with it a token.
    logger.error({ subject: mail.subject, name, code, left: times - 1 }, 'A mail was not sent');
    if (times > 1) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE).unref());
      await attempt(mailer, mail, logger, times - 1);
    }
  }
}

function mailerOf(config: Config): Mailer {
  const known = mailers.get(config);
  if (known !== undefined) {
    return known;
  }
  const made = makeMailer(config);
  mailers.set(config, made);
  return made;
}

/** SMTP where there is a server for it; files in development; memory in tests. */
export function makeMailer(config: Config): Mailer {
  if (config.SMTP_URL !== '') {
    const transport = createTransport(config.SMTP_URL);
    return {
      async send({ to: address, subject, text, html }) {
        // One address, which is not read as a list of them.
        const to = { name: '', address };
        await transport.sendMail({ from: config.MAIL_FROM, to, subject, text, html });
      },
    };
  }
  if (config.NODE_ENV === 'test') {
    const mails: Mail[] = [];
    kept.set(config, mails);
    return {
      async send(mail) {
        mails.push(mail);
      },
    };
  }
  return {
    async send(mail, logger) {
      const file = join(config.MAIL_FOLDER, `${Date.now()}-${randomUUID().slice(0, 8)}`);
      const { to, subject, text, html, link } = mail;
      await mkdir(config.MAIL_FOLDER, { recursive: true });
      await writeFile(`${file}.txt`, `To: ${to}\nSubject: ${subject}\n\n${text}`, { mode: 0o600 });
      await writeFile(`${file}.html`, html, { mode: 0o600 });
      logger.info({ file: `${file}.txt`, link }, subject);
    },
  };
}
