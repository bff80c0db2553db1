"""The language server: findings in the editor, at the line where data is handed over."""
