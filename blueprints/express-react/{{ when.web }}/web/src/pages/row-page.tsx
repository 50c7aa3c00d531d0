import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import { Failure, Loading } from '../components/states.js';
import { codeOf } from '../problem.js';
import { useRow } from '../queries.js';
import { keyOf, type Resource, type Row } from '../resource.js';
import { NotFoundPage } from './not-found-page.js';

interface RowPageProps {
  readonly resource: Resource;
  readonly children: (row: Row, reload: () => void) => ReactNode;
}

/** A page about the row that its address names. */
export function RowPage({ resource, children }: RowPageProps) {
  const { key = '' } = useParams();
  const { data: row, error, refetch } = useRow(resource, keyOf(resource.key, key));
  const reload = () => void refetch();
  if (row !== undefined) {
    return children(row, reload);
  }
  if (codeOf(error) === 'NOT_FOUND' || codeOf(error) === 'VALIDATION_FAILED') {
    return <NotFoundPage />;
  }
  return error === null ? <Loading /> : <Failure error={error} onRetry={reload} />;
}
