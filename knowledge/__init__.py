"""What the trust knows: documents, passages, search and answers; no Slack and no clock."""
