import { type ReactNode, useId, useState } from 'react';
import { NavLink, useLocation, useNavigate } from 'react-router';
import { nameOf } from '../account/account.js';
import { useAuth } from '../hooks/useAuth.js';
import { messageOf } from '../problem.js';
import { tell } from '../toasts.js';

const ENTRY =
  'block w-full truncate rounded-lg px-3 py-1.5 text-left text-muted hover:bg-hover hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent';

/** Who is signed in, and what they can do about it; for everybody else the way in. */
export function AccountMenu() {
  const { session } = useAuth();
  if (session.status === 'signedIn') {
    return <Menu />;
  }
  return session.status === 'signedOut' ? (
    <ul className="space-y-0.5">
      <Entry to="/login">Sign in</Entry>
      <Entry to="/register">Register</Entry>
    </ul>
  ) : null;
}

function Menu() {
  const { person, signOut } = useAuth();
  const [isOpen, setOpen] = useState(false);
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const [before, setBefore] = useState(pathname);
  const id = useId();
  if (pathname !== before) {
    setBefore(pathname);
    setOpen(false);
  }
  const leave = () =>
    signOut().then(
      () => navigate('/login'),
      (error) => tell(messageOf(error), { look: 'failed' }),
    );
  const name = person === undefined ? 'somebody' : nameOf(person);
  const email = person === undefined || person.email === name ? '' : person.email;
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        aria-label={`Signed in as ${name}${email === '' ? '' : ` ${email}`}`}
        onClick={() => setOpen(!isOpen)}
        className="flex w-full items-center gap-2 rounded-lg border border-line px-3 py-2 text-left hover:bg-hover"
      >
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium text-sm">{name}</span>
          <span className="block truncate text-muted text-xs">{email}</span>
        </span>
        <span aria-hidden="true" className="text-muted">
          {isOpen ? '▾' : '▴'}
        </span>
      </button>
      <ul id={id} hidden={!isOpen} className="mt-1 space-y-0.5">
        <Entry to="/profile">Profile</Entry>
        <Entry to="/devices">Devices</Entry>
        <li>
          <button type="button" className={ENTRY} onClick={() => void leave()}>
            Sign out
          </button>
        </li>
      </ul>
    </div>
  );
}

interface EntryProps {
  readonly to: string;
  readonly children: ReactNode;
}

function Entry({ to, children }: EntryProps) {
  return (
    <li>
      <NavLink to={to} className={ENTRY}>
        {children}
      </NavLink>
    </li>
  );
}
