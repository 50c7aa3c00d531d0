import { type ListQuery, PAGE_SIZE } from '../list-query.js';
import type { Page } from '../queries.js';
import { Button } from './button.js';

interface PageTurnerProps {
  readonly page: Page;
  readonly asked: ListQuery;
}

/** Which part of a list is shown, and the way to the others. */
export function PageTurner({ page, asked }: PageTurnerProps) {
  const { offset, turnTo } = asked;
  const end = offset + page.items.length;
  if (page.total === undefined) {
    const isFirst = !('cursor' in asked.query);
    return isFirst && !page.next ? null : (
      <nav aria-label="Pages of the list" className="mt-4 flex justify-end gap-2">
        {!isFirst && <Button onClick={() => turnTo({})}>First page</Button>}
        {page.next && (
          <Button onClick={() => turnTo({ cursor: page.next ?? '' })}>Next page</Button>
        )}
      </nav>
    );
  }
  const total = page.total;
  const turnBy = (count: number) => turnTo({ offset: String(Math.max(0, offset + count)) });
  return (
    <nav aria-label="Pages of the list" className="mt-4 flex items-center justify-between gap-4">
      <p className="text-muted text-sm" role="status">
        {`${total === 0 ? 0 : offset + 1}–${end} of ${total.toLocaleString()}`}
      </p>
      {total > PAGE_SIZE && (
        <div className="flex gap-2">
          <Button disabled={offset === 0} onClick={() => turnBy(-PAGE_SIZE)}>
            Previous
          </Button>
          <Button disabled={end >= total} onClick={() => turnBy(PAGE_SIZE)}>
            Next
          </Button>
        </div>
      )}
    </nav>
  );
}
