import { Component, type ReactNode } from 'react';
import { PageHeading } from './page-heading.js';
import { Failure } from './states.js';

interface ErrorBoundaryProps {
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly failed?: { readonly error: unknown };
}

/** Keeps what fails in a page inside of it: all around goes on. A page that is not there any more is loaded anew. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = {};

  static getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    return { failed: { error } };
  }

  override render(): ReactNode {
    const { failed } = this.state;
    return failed === undefined ? (
      this.props.children
    ) : (
      <>
        <PageHeading title="Something went wrong" />
        <Failure error={failed.error} onRetry={() => window.location.reload()} />
      </>
    );
  }
}
