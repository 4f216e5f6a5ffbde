"""Static files under names that change with their content, modules that import each other included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

_ALL, _IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # the library says no types
    """A module's `import "./other.js"` names the other's hashed file too, so that no old part stays in a cache.

    Only in our own modules: comments of other people's files name files that are not there.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = ("js/*.js", _IMPORTS)
