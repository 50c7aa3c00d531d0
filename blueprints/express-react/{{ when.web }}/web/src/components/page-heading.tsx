import { type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { TITLE } from '../product.js';

interface PageHeadingProps {
  readonly title: string;
  /** The page above this one. */
  readonly above?: { readonly title: string; readonly path: string };
  readonly children?: ReactNode;
}

let isFirstPage = true;

/** The title of a page. It takes the focus, so that a page that comes up is announced. */
export function PageHeading({ title, above, children }: PageHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${TITLE}`;
  }, [title]);
  useEffect(() => {
    if (!isFirstPage) {
      heading.current?.focus();
    }
    isFirstPage = false;
  }, []);
  return (
    <div className="mb-6">
      {above !== undefined && (
        <p className="mb-1">
          <Link to={above.path} className="text-muted text-sm hover:text-ink hover:underline">
            <span aria-hidden="true">← </span>
            {above.title}
          </Link>
        </p>
      )}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <h1
          ref={heading}
          tabIndex={-1}
          className="min-w-0 font-semibold text-2xl tracking-tight [overflow-wrap:anywhere]"
        >
          {title}
        </h1>
        {children !== undefined && <div className="flex flex-wrap gap-2">{children}</div>}
      </div>
    </div>
  );
}
