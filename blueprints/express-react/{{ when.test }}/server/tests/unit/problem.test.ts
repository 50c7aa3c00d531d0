import type { Request, Response } from 'express';
import { describe, expect, it, vi } from 'vitest';
import { Failure } from '../../src/failure.js';
import { problem } from '../../src/middleware/problem.js';

/** What is sent, logged and passed on when a request fails. */
function answerTo(error: unknown, headersSent = false) {
  const log = vi.fn();
  const next = vi.fn();
  const send = vi.fn();
  const response = {
    headersSent,
    locals: { logger: { error: log }, requestId: 'r1' },
    status: () => response,
    type: () => response,
    send,
  };
  problem(error, {} as Request, response as unknown as Response, next);
  const [text] = send.mock.lastCall ?? [];
  return { log, next, sent: text === undefined ? undefined : JSON.parse(String(text)) };
}

describe('a problem', () => {
  it('tells of a failure, of what express refuses, and of nothing else', () => {
    const failure = new Failure('CONFLICT', { key: 'A' });
    expect(answerTo(failure).sent).toMatchObject({ code: 'CONFLICT', params: { key: 'A' } });
    expect(answerTo({ status: 415 }).sent).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
    for (const unexpected of [new TypeError('opensesame'), 'opensesame', undefined]) {
      const { sent, log } = answerTo(unexpected);
      expect(sent).toMatchObject({ status: 500, code: 'INTERNAL', requestId: 'r1' });
      expect(JSON.stringify(sent)).not.toContain('opensesame');
      const told = unexpected === undefined ? 'undefined' : 'opensesame';
      expect(JSON.stringify(log.mock.lastCall)).toContain(told);
    }
  });

  it('is left to express once an answer is on its way', () => {
    const error = new Error('too late');
    const { next, sent } = answerTo(error, true);
    expect(next).toHaveBeenCalledWith(error);
    expect(sent).toBeUndefined();
  });
});
