"""`pulumi preview --json` as Markdown for a pull request."""
