import { useId, useState } from 'react';
import { humanized } from '../field.js';
import { chooseTheme, chosenTheme, THEMES, type Theme } from '../theme.js';

/** Light or dark, or as the system has it. */
export function ThemeChoice() {
  const id = useId();
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium text-muted text-xs">
        Colours
      </label>
      <select
        id={id}
        className="control text-sm"
        value={theme}
        onChange={(event) => {
          const chosen = event.target.value as Theme;
          setTheme(chosen);
          chooseTheme(chosen);
        }}
      >
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {humanized(name)}
          </option>
        ))}
      </select>
    </div>
  );
}
