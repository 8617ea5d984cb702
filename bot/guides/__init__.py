"""The guides: what each reader needs to know about Trustbot, as Markdown pages that are packaged with it."""
