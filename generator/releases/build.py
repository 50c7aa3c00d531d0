"""The build hook: it puts the releases into the wheel, and into the source distribution wheels are made of.

Nothing else of Specwright imports this module: it needs hatchling, which is there while a package is built.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_BUNDLE = "generator/_bundled/history.bundle"


class HistoryHook(BuildHookInterface[BuilderConfig]):
    """Adds the bundle of releases to what is built from a checkout."""

    PLUGIN_NAME = "history"
    _place: TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the bundle, unless this is a development install, which reads the checkout itself.

        Args:
            version: of the build: "standard" or "editable".
            build_data: of hatchling; the bundle is added to the files to include.

        Raises:
            ReleaseError: the history is there but cut off; a package without its releases would look right.
        """
        root = Path(self.root)
        if version == "editable" or (root / _BUNDLE).is_file():
            return
        if not (root / ".git").exists():
            self.app.display_warning("No history of releases is here: this build cannot update from any.")
            return
        # Whatever Specwright is installed already, the one that is built makes its own bundle.
        sys.path.insert(0, self.root)
        try:
            from generator.releases.history import releases_in, unreleased
            from generator.releases.packing import bundle_of
        finally:
            sys.path.remove(self.root)
        releases = releases_in(root)
        if warning := unreleased(root, releases):
            self.app.display_warning(warning)
        if not releases:
            return
        self._place = TemporaryDirectory(prefix="specwright-")
        bundle = Path(self._place.name) / "history.bundle"
        bundle.write_bytes(bundle_of(root, releases))
        build_data["force_include"][str(bundle)] = _BUNDLE

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was written for the build."""
        if self._place is not None:
            self._place.cleanup()
