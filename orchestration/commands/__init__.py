"""What each `lakehouse` command does; parsing of options stays in `orchestration.cli`."""
