import { ButtonLink } from '../components/button.js';
import { PageHeading } from '../components/page-heading.js';
import { Empty } from '../components/states.js';

export function NotFoundPage() {
  return (
    <>
      <PageHeading title="Not found" />
      <Empty title="There is nothing at this address.">
        <ButtonLink to="/">Go to the start</ButtonLink>
      </Empty>
    </>
  );
}
