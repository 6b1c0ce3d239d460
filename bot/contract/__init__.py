"""The JSON that programs rely on, as docs/json.md and docs/eval.md describe it."""
