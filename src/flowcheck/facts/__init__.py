"""The records that lowering leaves of a file: core Python trees, marks, suppressions."""
