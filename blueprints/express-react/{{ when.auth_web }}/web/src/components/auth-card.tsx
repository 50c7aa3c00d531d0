import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { PageHeading } from './page-heading.js';

interface AuthCardProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** The page around a form about an account. */
export function AuthCard({ title, children }: AuthCardProps) {
  return (
    <div className="mx-auto max-w-md">
      <PageHeading title={title} />
      <div className="space-y-5 rounded-xl border border-line bg-surface p-5 sm:p-8">
        {children}
      </div>
    </div>
  );
}

interface WayProps {
  readonly to: string;
  readonly children: ReactNode;
}

/** A way to another page of accounts. */
export function Way({ to, children }: WayProps) {
  return (
    <Link to={to} className="font-medium text-accent underline underline-offset-2">
      {children}
    </Link>
  );
}
